namespace Caluma.Healthz.Tests.Http;

/// <summary>The contract, asked of the front door that the environment names, else of a Server started here.</summary>
[Slow]
public sealed class ServerContractTests(ContractTarget target) : HealthzContractTests(target.Client, target.Key),
    IClassFixture<ContractTarget>;
