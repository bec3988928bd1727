using Caluma.Healthz.Tests.Checks.Caches;
using Caluma.Healthz.Tests.Checks.Databases;
using Caluma.Healthz.Tests.Recording;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests;

public sealed class SelectedTestsTests
{
    [Theory]
    [InlineData(typeof(TheilSenTests), true, "Trends")]
    [InlineData(typeof(TheilSenTests), true, "Checks", "Trends")]
    [InlineData(typeof(TheilSenTests), false, "Checks")]
    [InlineData(typeof(TheilSenTests), false, "Trend")]
    [InlineData(typeof(SaslPrepTests), true, "Checks")]
    [InlineData(typeof(SaslPrepTests), true, "Checks/Databases")]
    [InlineData(typeof(SaslPrepTests), false, "Databases")]
    [InlineData(typeof(RedisProbeTests), false, "Checks/Caches")]
    [InlineData(typeof(SelectedTestsTests), false, "Trends")]
    [InlineData(typeof(TheilSenTests), true, "Trends/ChanceTests", "Trends/TheilSenTests")]
    [InlineData(typeof(TheilSenTests), false, "Trends/Theil")]
    [InlineData(typeof(SummaryUpdaterTests.InMemory), true, "Recording/SummaryUpdaterTests")]
    [InlineData(typeof(RedisProbeTests), false, "Checks/Caches/RedisProbeTests")]
    public void Fast_classes_are_included_by_their_names_or_folders(Type type, bool included, params string[] places) =>
        Assert.Equal(included, SelectedTests.Includes(type, places));
}
