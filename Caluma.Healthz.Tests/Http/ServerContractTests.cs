using Caluma.Healthz.Tests.Forms;

namespace Caluma.Healthz.Tests.Http;

/// <summary>The contract on the front door that the environment names, else on a Server in this process.</summary>
[Slow]
public sealed class ServerContractTests(ContractTarget target) : HealthzContractTests(target.Client, target.Key),
    IClassFixture<ContractTarget>
{
    [Slow]
    [Native]
    public sealed class Native(ContractTarget target) : HealthzContractTests(target.Client, target.Key), IClassFixture<ContractTarget>;
}
