using System.Text.Json;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

public sealed class TrendsJsonTests
{
    public static TheoryData<string, string> Names =>
    [
        .. Enum.GetValues<Check>().Select(check => (Write(check), check.Key())),
        .. Enum.GetValues<Reason>().Select(reason => (Write(reason), reason.Code())),
        .. Enum.GetValues<AlertRule>().Select(rule => (Write(rule), rule.Name())),
        .. Enum.GetValues<Severity>().Select(severity => (Write(severity), severity.Name())),
        .. Enum.GetValues<IncidentEvent>().Select(change => (Write(change), change.Name())),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_is_the_same_in_JSON_and_everywhere_else(string json, string name) => Assert.Equal($"\"{name}\"", json);

    [Theory]
    [InlineData("1")]
    [InlineData("\"1\"")]
    [InlineData("\"burn-never\"")]
    [InlineData("null")]
    public void An_unknown_name_is_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, TrendsJson.Default.AlertRule));

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, typeof(T), TrendsJson.Default);
}
