using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Tokens;
using SwarmPool.Plugins.ChatClient.Upstream;

namespace SwarmPool.Plugins.ChatClient.Models;

/// <summary>What a model is asked for.</summary>
internal enum UpstreamTask
{
    /// <summary>Messages in, a text out.</summary>
    Chat,

    /// <summary>Texts in, a vector for each out.</summary>
    Embeddings,
}

/// <summary>A model.json that was read and found good. Immutable.</summary>
internal sealed record UpstreamModel
{
    public required string Name { get; init; }

    public required UpstreamTask Task { get; init; }

    public required IReadOnlyList<string> JobTypes { get; init; }

    public required UpstreamEndpoint Endpoint { get; init; }

    public required UpstreamLimits Limits { get; init; }

    /// <summary>What counts tokens here; null: nobody does.</summary>
    public required TokenCounter? Tokens { get; init; }

    /// <summary>SHA-256 of model.json, lower-case hex: what the operator states. The weights are out of reach, so this is no hash of theirs.</summary>
    public required string ManifestSha256 { get; init; }

    /// <summary>Says plainly that nothing is known of the arithmetic.</summary>
    public NumericClass Class => new(ManifestSha256, $"unverified/{Endpoint.Kind}", "unknown", "unknown");

    public ModelDescription Describe() => new(Name, ManifestSha256, JobTypes) { Class = Class };
}

/// <summary>What one run of a model may take, enforced here.</summary>
/// <param name="OutputTokens">The most tokens of an answer, and what a job that names no number gets.</param>
/// <param name="OutputBytes">The most bytes: of a chat's text in UTF-8, of embeddings' whole output.</param>
/// <param name="Inputs">The most texts of one job for embeddings.</param>
/// <param name="Request">How long a run may take.</param>
/// <param name="Idle">How long a server may be silent once it has begun to answer.</param>
internal sealed record UpstreamLimits(int OutputTokens, int OutputBytes, int Inputs, TimeSpan Request, TimeSpan Idle)
{
    private const int Base = 64 * 1024;
    private const int AroundToken = 2048;

    /// <summary>The most bytes that are read of a server's stream: what JSON makes of the text, and of what stands around each token.</summary>
    public long StreamBytes(int tokens) => Base + ((long)tokens * AroundToken) + (6L * OutputBytes);

    /// <summary>The most bytes that are read of embeddings.</summary>
    public long EmbeddingBytes => Base + (4L * OutputBytes);
}
