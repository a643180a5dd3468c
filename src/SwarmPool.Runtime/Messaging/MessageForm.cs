using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Runtime.Messaging;

/// <summary>
/// What travels over a topic: a snapshot's own bytes when they are few, else a pointer to them. The sender of a pointer
/// has stored the snapshot by its CID.
/// </summary>
internal static class MessageForm
{
    public static bool Travels(SignedSnapshot snapshot) => snapshot.Bytes.Length <= SnapshotPointer.Threshold;

    public static ReadOnlyMemory<byte> Of(SignedSnapshot snapshot) =>
        Travels(snapshot) ? snapshot.Bytes : SnapshotPointer.Encode(snapshot.Cid);
}
