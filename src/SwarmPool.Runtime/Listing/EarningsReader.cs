using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Content;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Listing;

/// <summary>
/// Sums up what a pool's sealed epochs pay a miner, from the newest back to the first: by what is published, so that anybody gets the same sums
/// and needs neither a key nor the miner's word. What is decided and not sealed is not earned yet; what sealed epochs decided and hold back is told apart.
/// </summary>
/// <remarks>
/// Thread-safe. Each epoch is named by CID in the one after, and the newest in the state that the pool signed; the pages by CID in their epochs.
/// Memory: the jobs that are open at one time of an epoch that paid, a sum a day and a model.
/// </remarks>
public sealed class EarningsReader
{
    // A job is decided at most 7 days after it was accepted.
    private static readonly long LongestLifeMs = (long)TimeSpan.FromDays(8).TotalMilliseconds;

    private readonly EpochSource source;

    /// <summary>Makes a reader.</summary>
    /// <param name="content">Where contents are fetched from.</param>
    /// <param name="time">The clock, for patience.</param>
    public EarningsReader(IContentStore content, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(time);
        source = new EpochSource(new ContentReader(content, time));
    }

    /// <summary>Sums up.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="last">The newest sealed epoch, as the pool's signed state names it.</param>
    /// <param name="miner">The miner.</param>
    /// <param name="filter">What is summed up.</param>
    /// <param name="progress">Is told how far it is; null: nobody is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The sums; what could not be read is told in them.</returns>
    public async Task<MinerEarnings> ReadAsync(
        EnsName pool, Cid last, EnsName miner, EarningsFilter filter, IProgress<EarningsProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var sums = new EarningsSums(filter);
        EarningsGap? gap = null;
        EpochSnapshot? newest = null;
        EpochSnapshot? read = null;
        try
        {
            var epoch = await FetchAsync(pool, last, null, cancellationToken);
            newest = epoch;
            sums.Held = filter.ByModel && epoch is { WorkFrom: { } first, WorkTo: { } paidTo } && paidTo < epoch.Number
                ? new HeldFold(miner, paidTo + 1, epoch.Number, paidTo >= first ? epoch.Number - paidTo : null)
                : null;
            while (true)
            {
                progress?.Report(new EarningsProgress(epoch.Number, newest.Number));
                var paid = filter.Range.Holds(epoch.EndedAt) ? await PaidAsync(epoch, miner, cancellationToken) : default;
                read = epoch;
                var before = await AddAsync(epoch, paid, pool, miner, filter, sums, cancellationToken);
                if (before is null || IsEnough(before, filter.Range, sums))
                {
                    break;
                }

                epoch = before;
            }
        }
        catch (SwarmPoolException unavailable)
        {
            // The damaged records are no journal's here, but those that a pool has published.
            var code = unavailable.Code == ErrorCodes.JournalDamaged ? ErrorCodes.ContentMismatch : unavailable.Code;
            gap = new EarningsGap(read?.EpochId, code, unavailable.Message);
        }

        return sums.End(pool, miner, read?.EpochId, newest?.EpochId, gap);
    }

    // All that comes before ended earlier still.
    private static bool IsEnough(EpochSnapshot next, ListRange range, EarningsSums sums) =>
        range.SinceMs is { } since && next.EndedAt < since && (!sums.Waits || next.EndedAt < since - LongestLifeMs);

    private async Task<EpochSnapshot> FetchAsync(EnsName pool, Cid cid, EpochSnapshot? after, CancellationToken cancellationToken)
    {
        var epoch = (await source.EpochAsync(cid, cancellationToken)).Body;
        return epoch.Pool == pool && (after is null || (epoch.Network == after.Network && epoch.Number == after.Number - 1))
            ? epoch
            : throw new SwarmPoolException(ErrorCodes.WrongPool, after is null ? $"{cid} is an epoch of {epoch.Pool}, not of {pool}." : $"{cid}, which {after.EpochId} names as the epoch before, is not that.");
    }

    /// <summary>Sums up what an epoch paid, by model where that is asked.</summary>
    /// <returns>The epoch before; null when there is none.</returns>
    private async Task<EpochSnapshot?> AddAsync(
        EpochSnapshot epoch, (Usdc Mined, Usdc ForChecks) paid, EnsName pool, EnsName miner, EarningsFilter filter, EarningsSums sums, CancellationToken cancellationToken)
    {
        var forChecks = filter.Model is null ? paid.ForChecks : Usdc.Zero;
        sums.AddChecks(forChecks);
        if (!filter.ByModel)
        {
            sums.Add(epoch.EndedAt, paid.Mined + forChecks);
            return await BeforeAsync(epoch, pool, cancellationToken);
        }

        if (paid.Mined + forChecks > Usdc.Zero)
        {
            var of = paid.Mined > Usdc.Zero ? (epoch.WorkFrom ?? epoch.Number, epoch.WorkTo ?? epoch.Number) : EpochWork.None;
            sums.Expect(new EpochWork(epoch.EndedAt, paid.Mined) { ForChecks = forChecks, Of = of });
        }

        var before = await BeforeAsync(epoch, pool, cancellationToken);
        if (sums.Waits)
        {
            await ReadRecordsAsync(epoch, before, miner, sums, cancellationToken);
        }

        sums.BookKnown();
        return before;
    }

    private async Task<EpochSnapshot?> BeforeAsync(EpochSnapshot epoch, EnsName pool, CancellationToken cancellationToken) =>
        epoch.PreviousEpoch is { } cid ? await FetchAsync(pool, cid, epoch, cancellationToken) : null;

    private async Task<(Usdc Mined, Usdc ForChecks)> PaidAsync(EpochSnapshot epoch, EnsName miner, CancellationToken cancellationToken) =>
        (await SumAsync(source.EachPayoutAsync(epoch, cancellationToken), miner), await SumAsync(source.EachCheckerAsync(epoch, cancellationToken), miner));

    private static async Task<Usdc> SumAsync(IAsyncEnumerable<PayoutItem> payouts, EnsName miner)
    {
        var sum = Usdc.Zero;
        await foreach (var payout in payouts)
        {
            if (payout.Miner == miner)
            {
                sum += payout.Amount;
            }
            else if (payout.Miner.CompareTo(miner) > 0)
            {
                break; // In the order of names.
            }
        }

        return sum;
    }

    private async Task ReadRecordsAsync(EpochSnapshot epoch, EpochSnapshot? before, EnsName miner, EarningsSums sums, CancellationToken cancellationToken)
    {
        var findings = new AuditFindings();
        var work = new EpochRecordsFold(miner);
        var texts = new StringInterner();
        var root = before is null ? JournalHead.Empty.Hash : Convert.FromHexString(before.JournalRoot);
        await foreach (var stored in new PublishedJournal(epoch, root, findings).ReadAsync(source.JournalAsync(epoch, cancellationToken)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            work.Add(RecordCodec.Decode(stored, withInput: false, texts), sums);
        }

        if (findings.Count > 0)
        {
            throw new SwarmPoolException(ErrorCodes.ContentMismatch, $"The records of {epoch.EpochId} are not what it says: {findings.Listed[0].What}. An audit of it tells more.");
        }

        work.End(epoch, sums);
    }
}
