using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>Which record a snapshot's <c>type</c> stands for.</summary>
internal static class SnapshotSchema
{
    private static readonly SnapshotJsonContext Json = SnapshotJsonContext.Default;

    private static readonly FrozenDictionary<string, JsonTypeInfo> ByType = new Dictionary<string, JsonTypeInfo>(StringComparer.Ordinal)
    {
        [SnapshotTypes.Job] = Json.JobSnapshot,
        [SnapshotTypes.Cancel] = Json.CancelSnapshot,
        [SnapshotTypes.Registration] = Json.RegistrationSnapshot,
        [SnapshotTypes.Heartbeat] = Json.HeartbeatSnapshot,
        [SnapshotTypes.Claim] = Json.ClaimSnapshot,
        [SnapshotTypes.Release] = Json.ReleaseSnapshot,
        [SnapshotTypes.Proof] = Json.ProofSnapshot,
        [SnapshotTypes.Commitment] = Json.CommitmentSnapshot,
        [SnapshotTypes.Check] = Json.CheckSnapshot,
        [SnapshotTypes.Delegation] = Json.DelegationSnapshot,
        [SnapshotTypes.Revocation] = Json.RevocationSnapshot,
        [SnapshotTypes.State] = Json.PoolStateSnapshot,
        [SnapshotTypes.Epoch] = Json.EpochSnapshot,
        [SnapshotTypes.JobsNew] = Json.JobsNew,
        [SnapshotTypes.JobsRejected] = Json.JobsRejected,
        [SnapshotTypes.JobsCancelled] = Json.JobsCancelled,
        [SnapshotTypes.JobsFailed] = Json.JobsFailed,
        [SnapshotTypes.ClaimsAccepted] = Json.ClaimsAccepted,
        [SnapshotTypes.ClaimsRejected] = Json.ClaimsRejected,
        [SnapshotTypes.ClaimsTimeout] = Json.ClaimsTimeout,
        [SnapshotTypes.ProofsAccepted] = Json.ProofsAccepted,
        [SnapshotTypes.ProofsRejected] = Json.ProofsRejected,
        [SnapshotTypes.ProofsCommitted] = Json.ProofsCommitted,
        [SnapshotTypes.ChecksNew] = Json.ChecksNew,
        [SnapshotTypes.ChecksDecided] = Json.ChecksDecided,
        [SnapshotTypes.MinersJoined] = Json.MinersJoined,
        [SnapshotTypes.MinersRejected] = Json.MinersRejected,
        [SnapshotTypes.RevocationsAccepted] = Json.RevocationsAccepted,
        [SnapshotTypes.RevocationsRejected] = Json.RevocationsRejected,
        [SnapshotTypes.EpochsOpened] = Json.EpochsOpened,
        [SnapshotTypes.EpochsSealed] = Json.EpochsSealed,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The record for a type; null when there is none.</summary>
    public static JsonTypeInfo? Of(string type) => ByType.GetValueOrDefault(type);

    /// <summary>The record for a snapshot in hand.</summary>
    /// <exception cref="ArgumentException">Not one of the protocol's records.</exception>
    public static JsonTypeInfo Of(Snapshot body) => Of(body.Type) is { } info && info.Type == body.GetType()
        ? info
        : throw new ArgumentException($"{body.GetType().Name} is not a record of the protocol: the wire knows the types of SnapshotTypes only.", nameof(body));

    /// <summary>The <c>type</c> that a record stands for.</summary>
    /// <exception cref="ArgumentException">Not one of the protocol's records.</exception>
    public static string TypeOf<TBody>()
        where TBody : Snapshot => ByType.FirstOrDefault(static entry => entry.Value.Type == typeof(TBody)).Key
        ?? throw new ArgumentException($"{typeof(TBody).Name} is not a record of the protocol: the wire knows the types of SnapshotTypes only.", nameof(TBody));

    /// <summary>The shape of a page of items.</summary>
    /// <exception cref="ArgumentException">The protocol has no pages of such items.</exception>
    public static JsonTypeInfo<SnapshotPage<TItem>> PageOf<TItem>() =>
        Json.GetTypeInfo(typeof(SnapshotPage<TItem>)) as JsonTypeInfo<SnapshotPage<TItem>>
        ?? throw new ArgumentException($"The protocol has no pages of {typeof(TItem).Name}: add it to SnapshotJsonContext.", nameof(TItem));
}
