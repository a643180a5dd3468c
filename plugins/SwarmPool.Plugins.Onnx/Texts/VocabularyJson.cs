using System.Text.Json.Serialization;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>A vocab.json: token to id.</summary>
[JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class VocabularyJson : JsonSerializerContext;
