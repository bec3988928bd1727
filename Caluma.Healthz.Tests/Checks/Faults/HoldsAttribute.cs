namespace Caluma.Healthz.Tests.Checks.Faults;

/// <summary>Says which cells of the fault matrix a test holds. <see cref="FaultMatrix"/> makes a table of it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class HoldsAttribute(ProbedSystem system, params SystemFault[] faults) : Attribute
{
    public ProbedSystem System { get; } = system;

    public IReadOnlyList<SystemFault> Faults { get; } = faults;
}
