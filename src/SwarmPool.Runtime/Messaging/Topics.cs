using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Messaging;

/// <summary>The pool's topics. What the pool says goes to a topic named like the announcement's type.</summary>
internal static class Topics
{
    public const string Jobs = "jobs";
    public const string Claims = "claims";
    public const string Proofs = "proofs";
    public const string Miners = "miners";
    public const string Heartbeats = "heartbeats";
    public const string Revocations = "revocations";
    public const string State = "state";

    /// <summary>The full topic: "/{pool}/{name}".</summary>
    public static string Of(EnsName pool, string name) => $"/{pool}/{name}";

    /// <summary>The pointer to a pool's newest state.</summary>
    public static string StatePointer(EnsName pool) => $"{pool}/state";

    /// <summary>Where a snapshot of a type is sent.</summary>
    public static string Inbound(string type) => type switch
    {
        SnapshotTypes.Job or SnapshotTypes.Cancel => Jobs,
        SnapshotTypes.Claim or SnapshotTypes.Release => Claims,
        SnapshotTypes.Proof or SnapshotTypes.Commitment or SnapshotTypes.Check => Proofs,
        SnapshotTypes.Registration => Miners,
        SnapshotTypes.Heartbeat => Heartbeats,
        SnapshotTypes.Revocation => Revocations,
        _ => type,
    };
}

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
