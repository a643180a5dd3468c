using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Pointers;

/// <summary>Where a pointer points, since when (unix milliseconds by its setter's clock).</summary>
internal sealed record PointerTarget([property: JsonPropertyName("cid")] Cid Cid, [property: JsonPropertyName("at")] long At);

/// <summary>How pointers are named and written: in the node's files, and in what is asked and answered over their topic.</summary>
internal static class PointerText
{
    public const int MaxBytes = 256;
    private const int MaxName = 512;

    /// <summary>What asks: an answer is never this.</summary>
    public static ReadOnlyMemory<byte> Ask { get; } = "?"u8.ToArray();

    public static string FileOf(string pointer) => $"/swarmpool-pointers/{Hash(pointer)}.json";

    public static string TopicOf(string pointer) => $"/swarmpool-pointers/{Hash(pointer)}";

    public static byte[] Write(PointerTarget target) => JsonSerializer.SerializeToUtf8Bytes(target, PointerJson.Default.PointerTarget);

    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PointerTarget? target)
    {
        target = null;
        if (bytes.Length is 0 or > MaxBytes)
        {
            return false;
        }

        try
        {
            target = JsonSerializer.Deserialize(bytes, PointerJson.Default.PointerTarget);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return false; // From outside: anything may come.
        }

        return target is { Cid.IsEmpty: false };
    }

    public static void CheckName(string pointer)
    {
        ArgumentException.ThrowIfNullOrEmpty(pointer);
        if (pointer.Length > MaxName)
        {
            throw new ArgumentException($"A pointer's name has at most {MaxName} characters.", nameof(pointer));
        }
    }

    // A name may hold anything, a path or a topic may not.
    private static string Hash(string pointer) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(pointer)));
}

[JsonSerializable(typeof(PointerTarget))]
internal sealed partial class PointerJson : JsonSerializerContext;
