using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Reader;

/// <summary>Keeps the newest signed state of a pool, by (term, sequence), and two that contradict each other.</summary>
/// <remarks>Thread-safe. Given the same states in any order and number, it ends with the same newest one.</remarks>
internal sealed class NewestState
{
    private readonly Lock gate = new();
    private SignedSnapshot? newest;
    private StateConflict? conflict;

    public SignedSnapshot? Newest
    {
        get
        {
            lock (gate)
            {
                return newest;
            }
        }
    }

    /// <summary>The first two states that contradicted each other; null while there are none.</summary>
    public StateConflict? Conflict
    {
        get
        {
            lock (gate)
            {
                return conflict;
            }
        }
    }

    /// <summary>Takes a state whose signature has been checked. True when it is newer than all before.</summary>
    public bool Offer(SignedSnapshot state)
    {
        var body = (PoolStateSnapshot)state.Body;
        lock (gate)
        {
            var known = (PoolStateSnapshot?)newest?.Body;
            var order = known is null ? 1 : (body.Term, body.Sequence).CompareTo((known.Term, known.Sequence));
            if (order == 0 && state.Cid != newest!.Cid && !SaySame(body, known!))
            {
                conflict ??= new StateConflict(body.Term, body.Sequence, newest.Bytes, state.Bytes);
            }

            if (order <= 0)
            {
                return false;
            }

            newest = state;
            return true;
        }
    }

    // A state may be published again with a newer count of those heard of lately: that is no part of the pool's decisions.
    private static bool SaySame(PoolStateSnapshot a, PoolStateSnapshot b) =>
        a.JournalHead == b.JournalHead
        && a.Rules == b.Rules
        && a.TotalJobs == b.TotalJobs
        && a.TotalProofs == b.TotalProofs
        && a.TotalVolumeUsdc == b.TotalVolumeUsdc
        && a.CurrentEpoch == b.CurrentEpoch
        && a.EpochJobs == b.EpochJobs
        && a.EpochVolume == b.EpochVolume
        && a.LastEpoch == b.LastEpoch
        && a.PendingCount == b.PendingCount
        && a.ClaimedCount == b.ClaimedCount
        && a.MinerCount == b.MinerCount
        && a.PendingJobs.SequenceEqual(b.PendingJobs)
        && a.ClaimedJobs.SequenceEqual(b.ClaimedJobs)
        && a.ActiveMiners.SequenceEqual(b.ActiveMiners);
}

/// <summary>
/// Evidence against a pool's operator: two states, both signed by the pool for the same journal position, that say different things.
/// </summary>
/// <param name="Term">The term that both name.</param>
/// <param name="Sequence">The journal position that both name.</param>
/// <param name="First">The canonical bytes of the state that was seen first, signature included.</param>
/// <param name="Second">The canonical bytes of the other.</param>
public sealed record StateConflict(long Term, long Sequence, ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second);
