using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Retention;

/// <summary>
/// Tells contents that a pool pins for itself, most of them for ever, by their form: signed snapshots as epochs are, pages of items and
/// pages of journal records. A stranger may name any CID as an input or an output, and letting go of that must let go of none of these.
/// </summary>
internal static class PoolContentDetector
{
    /// <summary>The longest of them.</summary>
    public const int MostBytes = SnapshotCodec.MaxPageBytes;

    public static bool Cover(ReadOnlyMemory<byte> content)
    {
        if (content.Span.StartsWith("{\"items\":["u8) || content.Span.StartsWith("{\"sequence\":"u8))
        {
            return true;
        }

        // A miner's or a client's delegation is pinned with what came by it. The pool's own stays: its epochs name it.
        return SnapshotCodec.TryDecode(content, out var snapshot, out _) && snapshot.Body is not DelegationSnapshot { Role: not DelegationRoles.Pool };
    }
}
