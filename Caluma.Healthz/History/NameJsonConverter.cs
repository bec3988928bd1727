using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>Reads and writes the members of an enumeration by their JSON names only; numbers are refused.</summary>
internal sealed class NameJsonConverter<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
