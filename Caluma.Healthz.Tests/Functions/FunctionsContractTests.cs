using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Http;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>The contract on the Functions app.</summary>
[Slow]
[Collection(nameof(FunctionsApp))]
public sealed class FunctionsContractTests(FunctionsApp app) : HealthzContractTests(app.Client, CalumaDeployment.Key);
