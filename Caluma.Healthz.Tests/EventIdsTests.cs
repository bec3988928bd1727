using System.Reflection;

namespace Caluma.Healthz.Tests;

public sealed class EventIdsTests
{
    [Fact]
    public void No_two_events_have_the_same_id()
    {
        var ids = typeof(EventIds).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!);

        Assert.Distinct(ids);
    }
}
