using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>
/// Members of an enumeration by the names that stand at them, and by nothing else: a number is no name of any.
/// </summary>
internal sealed class NameJsonConverter<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
