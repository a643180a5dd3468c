using System.Diagnostics.CodeAnalysis;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>A file beside the model's own that the model keeps weights in.</summary>
/// <param name="Name">Its bare name, as the model has it too.</param>
/// <param name="Sha256">Its hash, lower-case hex.</param>
internal sealed record ExternalFile(string Name, string Sha256)
{
    /// <summary>Whether it is the bare name of a file: no path leads anywhere else, on any system.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 } and not "." and not ".." && name.AsSpan().IndexOfAny(['/', '\\', ':', '\0']) < 0;
}
