using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.Server.Commands;

/// <summary>How a <see cref="CheckReport"/> is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckReport))]
internal sealed partial class CheckJson : JsonSerializerContext;
