using System.Text.Json.Serialization;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Listing;

/// <summary>Where a listed epoch stands.</summary>
public enum EpochListStatus
{
    /// <summary>Jobs are decided in it.</summary>
    [JsonStringEnumMemberName("open")]
    Open = 0,

    /// <summary>It is over, and not settled yet.</summary>
    [JsonStringEnumMemberName("closed")]
    Closed,

    /// <summary>It is settled, and not published yet.</summary>
    [JsonStringEnumMemberName("settled")]
    Settled,

    /// <summary>It is published, signed by the pool.</summary>
    [JsonStringEnumMemberName("sealed")]
    Sealed,
}

/// <summary>Which epochs are listed: those of which all of it is true.</summary>
public sealed record EpochListFilter
{
    /// <summary>Where they stand; null: anywhere.</summary>
    public EpochListStatus? Status { get; init; }

    /// <summary>When they began, and how many.</summary>
    public ListRange Range { get; init; } = new();
}

/// <summary>An epoch of a list.</summary>
/// <param name="EpochId">Its identity, e.g. "epoch-7".</param>
/// <param name="Status">Where it stands.</param>
/// <param name="StartedAt">Unix milliseconds, UTC.</param>
/// <param name="EndedAt">Unix milliseconds, UTC; null while it is open.</param>
/// <param name="Jobs">Jobs decided in it.</param>
/// <param name="Proofs">Proofs that they were decided by.</param>
/// <param name="Volume">The jobs' prices.</param>
/// <param name="Policy">The name and version of the policy that settled it; null before.</param>
/// <param name="PolicyReplaced">Whether that replaced the policy that the pool ran when the epoch closed.</param>
/// <param name="Cid">The CID of its snapshot; null until it is sealed.</param>
public sealed record ListedEpoch(
    string EpochId, EpochListStatus Status, long StartedAt, long? EndedAt, long Jobs, long Proofs, Usdc Volume, string? Policy, bool PolicyReplaced, Cid? Cid)
{
    /// <summary>The number of the first epoch whose work it pays; null where work is not held: then it pays its own, as it does before it is closed.</summary>
    public long? PaysFrom { get; init; }

    /// <summary>The number of the last; it pays none when that is less than <see cref="PaysFrom"/>.</summary>
    public long? PaysTo { get; init; }
}

/// <summary>A pool's epochs, the newest first, by its journal.</summary>
/// <param name="Epochs">Those that are shown.</param>
/// <param name="More">How many older ones there are beyond those.</param>
/// <param name="Records">How many records were read.</param>
public sealed record EpochList(IReadOnlyList<ListedEpoch> Epochs, long More, long Records)
{
    /// <summary>Reads the whole journal once. Takes no lease, so it works while a daemon writes. Memory: the epochs that are not sealed, and those that are shown.</summary>
    /// <param name="journal">The pool's journal.</param>
    /// <param name="filter">Which epochs.</param>
    /// <param name="progress">Is told how many records were read; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JournalException">There is no journal, or it can't be read.</exception>
    /// <exception cref="SwarmPoolException">SP4003: its records don't chain.</exception>
    public static async Task<EpochList> ReadAsync(IPoolJournal journal, EpochListFilter filter, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(filter);
        var unsealed = new SortedDictionary<long, ListedEpoch>();
        var found = new FirstFew<ListedEpoch>(filter.Range.Limit);
        var (records, open) = (0L, 0L);
        await foreach (var (record, stored) in JournalWalk.ReadAsync(journal, progress, cancellationToken))
        {
            records = record.Sequence;
            foreach (var e in record.Events)
            {
                switch (e)
                {
                    case EpochOpened opened:
                        open = opened.Number;
                        unsealed[open] = new ListedEpoch(EpochAccount.IdOf(open), EpochListStatus.Open, record.At, null, 0, 0, Usdc.Zero, null, false, null);
                        break;
                    case JobDecided decided:
                        unsealed[open] = Count(unsealed[open], decided);
                        break;
                    case EpochClosed closed:
                        unsealed[closed.Number] = unsealed[closed.Number] with
                        {
                            Status = EpochListStatus.Closed,
                            EndedAt = record.At,
                            PaysFrom = closed.ReleasesFrom,
                            PaysTo = closed.ReleasesTo,
                        };
                        break;
                    case EpochSettled settled:
                        var policy = RecordCodec.Decode(stored, withInput: true).Facts.Settlement?.Policy; // Of these few records alone the facts are read.
                        unsealed[settled.Number] = unsealed[settled.Number] with
                        {
                            Status = EpochListStatus.Settled,
                            Policy = policy is null ? null : $"{policy.Name} {policy.Version}",
                            PolicyReplaced = settled.PolicyReplaced,
                        };
                        break;
                    case EpochSealed done when unsealed.Remove(done.Number, out var epoch):
                        Offer(done.Number, epoch with { Status = EpochListStatus.Sealed, Cid = done.Cid });
                        break;
                    default: break; // About no epoch.
                }
            }
        }

        foreach (var (number, epoch) in unsealed)
        {
            Offer(number, epoch);
        }

        return new EpochList(found.InOrder(), found.More, records);

        void Offer(long number, ListedEpoch epoch)
        {
            if ((filter.Status is null || filter.Status == epoch.Status) && filter.Range.Holds(epoch.StartedAt))
            {
                found.Offer(epoch, number);
            }
        }
    }

    private static ListedEpoch Count(ListedEpoch epoch, JobDecided decided) => epoch with
    {
        Jobs = epoch.Jobs + 1,
        Proofs = epoch.Proofs + decided.Parts.Count,
        Volume = decided.Parts.Aggregate(epoch.Volume, static (sum, part) => sum + part.Price),
    };
}
