using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SwarmPool.Inference;

namespace SwarmPool.Runtime.Backends;

/// <summary>What to compose in a backend's process.</summary>
/// <param name="BaseDirectory">What relative paths are relative to.</param>
/// <param name="Configuration">Where plugins are, and those that the backend is made of with their own sections; nothing else of the configuration.</param>
internal sealed record BackendComposition(string BaseDirectory, IReadOnlyDictionary<string, string?> Configuration);

/// <summary>What was composed.</summary>
internal sealed record BackendComposed(bool CanUnload);

/// <summary>A call about a model.</summary>
internal sealed record ModelCall(string Model);

/// <summary>A run, its input in the body.</summary>
internal sealed record RunCall(string Model, string JobType);

/// <summary>A run's result, its output in the body.</summary>
internal sealed record RunAnswer(NumericClass Class, string? Confidence, InferenceUsage? Usage);

/// <summary>The next item of what was begun by another call.</summary>
internal sealed record NextCall(int Of);

/// <summary>A chunk: the first bytes of the body; what remains of it is the result's output.</summary>
internal sealed record ChunkAnswer(bool IsEnd, int DeltaBytes, RunAnswer? Result);

/// <summary>Asks for a model by its tokens; whether the tokens' bytes are known.</summary>
internal sealed record OpenCall(string Model, bool HasTokens);

/// <summary>A model by its tokens: null for one that shows none. The body has the length of each token, 4 bytes each, then their bytes.</summary>
internal sealed record OpenAnswer(TokenModelDescription? Description);

/// <summary>A prompt; it is a body, for it may be long.</summary>
internal sealed record PromptBody(string? Text, IReadOnlyList<PromptMessage> Messages);

/// <summary>A scoring, the tokens in the body, the prompt's first.</summary>
internal sealed record ScoreCall(string Model, int PromptTokens);

/// <summary>An item or the end of a scoring; the logits are in the body.</summary>
internal sealed record ScoreAnswer(bool IsEnd);

/// <summary>Whether a model was unloaded.</summary>
internal sealed record UnloadAnswer(bool IsUnloaded);

/// <summary>Why there is no answer.</summary>
internal sealed record FailedAnswer(string Message);

/// <summary>Something for the miner's log.</summary>
internal sealed record LogLine(int Level, string Category, string Text);

/// <summary>How the heads are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(BackendComposition))]
[JsonSerializable(typeof(BackendComposed))]
[JsonSerializable(typeof(BackendDescription))]
[JsonSerializable(typeof(ModelCall))]
[JsonSerializable(typeof(RunCall))]
[JsonSerializable(typeof(RunAnswer))]
[JsonSerializable(typeof(NextCall))]
[JsonSerializable(typeof(ChunkAnswer))]
[JsonSerializable(typeof(OpenCall))]
[JsonSerializable(typeof(OpenAnswer))]
[JsonSerializable(typeof(PromptBody))]
[JsonSerializable(typeof(ScoreCall))]
[JsonSerializable(typeof(ScoreAnswer))]
[JsonSerializable(typeof(UnloadAnswer))]
[JsonSerializable(typeof(FailedAnswer))]
[JsonSerializable(typeof(LogLine))]
internal sealed partial class BackendJson : JsonSerializerContext
{
    /// <summary>Writes a head.</summary>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    /// <summary>Reads one.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> head, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(head.Span, type) ?? throw new JsonException("null");
}
