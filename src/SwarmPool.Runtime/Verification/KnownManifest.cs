using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SwarmPool.Protocol.Packs;

namespace SwarmPool.Runtime.Verification;

/// <summary>A pack's manifest, read once for as long as its bytes are kept.</summary>
/// <remarks>Thread-safe.</remarks>
internal static class KnownManifest
{
    private static readonly ConditionalWeakTable<byte[], ModelPack> Read = [];

    /// <summary>The pack that these bytes are; null for none, and for bytes that are no manifest.</summary>
    public static ModelPack? Of(ReadOnlyMemory<byte>? manifest)
    {
        if (manifest is not { } bytes)
        {
            return null;
        }

        // The runtime keeps the bytes of the manifests that it fetched; those of others are read each time.
        if (!MemoryMarshal.TryGetArray(bytes, out var segment) || segment.Offset != 0 || segment.Count != segment.Array!.Length)
        {
            return Decode(bytes);
        }

        if (!Read.TryGetValue(segment.Array, out var pack) && Decode(bytes) is { } decoded)
        {
            pack = Read.GetValue(segment.Array, _ => decoded);
        }

        return pack;
    }

    private static ModelPack? Decode(ReadOnlyMemory<byte> bytes) => ModelPackCodec.TryDecode(bytes, out var pack, out _) ? pack : null;
}
