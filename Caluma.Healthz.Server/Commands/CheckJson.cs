using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.Server.Commands;

/// <summary>The JSON of <see cref="CheckReport"/>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckReport))]
internal sealed partial class CheckJson : JsonSerializerContext;
