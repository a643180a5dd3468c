using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Content;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>Looks for a job in what the pool has published: the lists of its state, and the proofs of its sealed epochs.</summary>
/// <remarks>Thread-safe. What is found is named by CID in what the pool has signed.</remarks>
internal sealed class PublishedJobs(ContentReader content, PageReader pages, EnsName pool)
{
    private const long ClockSlackMs = 300_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The job in the state's lists; null when it is in neither.</summary>
    /// <exception cref="SwarmPoolException">A page is unavailable now; the code says why.</exception>
    public async Task<JobReport?> InStateAsync(Cid job, PoolStateSnapshot state, CancellationToken cancellationToken)
    {
        await foreach (var claim in pages.ItemsAsync<ClaimAcceptedItem>(state.ClaimedJobs, PageReader.MostItems, cancellationToken))
        {
            if (claim.JobCid == job)
            {
                return new JobReport(job, JobCondition.Claimed, $"{claim.Miner} works on it, by the pool's last state.") { Miner = claim.Miner };
            }
        }

        await foreach (var waiting in pages.ItemsAsync<JobNewItem>(state.PendingJobs, PageReader.MostItems, cancellationToken))
        {
            if (waiting.Cid == job)
            {
                return new JobReport(job, JobCondition.Waiting, "It waits for a miner, by the pool's last state.");
            }
        }

        return null;
    }

    /// <summary>The proofs that sealed epochs paid for the job, with the epoch; newest epoch first, back to the time when the job was signed.</summary>
    /// <param name="job">The job.</param>
    /// <param name="signed">What it says; null when its bytes can't be had: then all epochs are looked at.</param>
    /// <param name="state">The pool's state.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<PaidProofs> InEpochsAsync(Cid job, JobSnapshot? signed, PoolStateSnapshot state, CancellationToken cancellationToken)
    {
        var next = state.LastEpoch;
        var before = long.MaxValue;
        while (next is { } cid)
        {
            var (epoch, refusal) = await content.FetchSnapshotAsync<EpochSnapshot>(cid, Patience, cancellationToken);
            if (epoch is null || epoch.Body.Pool != pool || epoch.Body.Number >= before)
            {
                return new PaidProofs([], "", refusal ?? new Refusal(ErrorCodes.WrongPool, $"{cid} is not the epoch that the next one names as the one before."));
            }

            var body = epoch.Body;
            if (signed is not null && body.EndedAt < (signed.Timestamp * 1000) - ClockSlackMs)
            {
                break; // All earlier ones had ended when the job was signed.
            }

            // Where work is held, an epoch pays what was decided long before it began.
            if (signed is null || body.WorkFrom is not null || body.StartedAt <= (signed.Deadline * 1000) + ClockSlackMs)
            {
                var (paid, unread) = await PaidAsync(job, body, cancellationToken);
                if (paid.Count > 0 || unread is not null)
                {
                    return new PaidProofs(paid, body.EpochId, unread);
                }
            }

            (next, before) = (body.PreviousEpoch, body.Number);
        }

        return new PaidProofs([], "", null);
    }

    private async Task<(List<EpochProofItem> Paid, Refusal? Unread)> PaidAsync(Cid job, EpochSnapshot epoch, CancellationToken cancellationToken)
    {
        var paid = new List<EpochProofItem>();
        await foreach (var page in pages.PagesAsync<EpochProofItem>(epoch.Proofs, epoch.ProofsCount, cancellationToken))
        {
            if (page.Refusal is not null)
            {
                return (paid, page.Refusal);
            }

            paid.AddRange(page.Items.Where(item => item.JobCid == job));
        }

        return (paid, null);
    }
}

/// <summary>What sealed epochs paid for a job.</summary>
/// <param name="Items">The proofs; none when no epoch that could be read paid for it.</param>
/// <param name="EpochId">The epoch that did.</param>
/// <param name="Unread">Why the look ended before all was read; null when all was.</param>
internal sealed record PaidProofs(IReadOnlyList<EpochProofItem> Items, string EpochId, Refusal? Unread);
