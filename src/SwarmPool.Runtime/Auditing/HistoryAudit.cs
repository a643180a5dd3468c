using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Auditing;

/// <summary>
/// Epoch after epoch, each record decided again on the state that those before it led to, and each epoch's snapshot compared with that
/// state and with what the journal says of it later.
/// </summary>
/// <param name="source">Where epochs come from.</param>
/// <param name="policy">The policy to settle epochs by again; null leaves that out.</param>
/// <param name="audit">Decides records; stands where the checkpoint does, or before the first record.</param>
/// <param name="tally">Counts.</param>
/// <param name="remarks">Is told what should be seen.</param>
/// <param name="findings">Is told what differs.</param>
/// <remarks>Not thread-safe; for one run.</remarks>
internal sealed class HistoryAudit(
    EpochSource source, ISettlementPolicy? policy, RecordAudit audit, AuditProgressReporter tally, AuditRemarks remarks, AuditFindings findings)
{
    private readonly EpochReading reading = new(source, findings);
    private readonly SplitAudit splits = new(policy, findings);

    // Epochs whose split waits until it is recorded what the one before left to the policy: as a rule until then only.
    private readonly Queue<Unsettled> unsettled = [];

    // What was decided in epochs whose work is held: the epoch that releases it is compared with that.
    private WorkBook book = new(1);
    private AuditCheckpoint? from;
    private long settledAgain;
    private bool lastSettled;

    /// <param name="Splits">How many splits were recomputed.</param>
    /// <param name="LastSplit">Whether the last epoch's is among them.</param>
    public readonly record struct Result(long Splits, bool LastSplit);

    /// <summary>Audits everything up to an epoch.</summary>
    /// <param name="last">The epoch.</param>
    /// <param name="checkpoint">Where an earlier audit ended; null: nowhere.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">Something is unavailable.</exception>
    public async Task<Result> RunAsync(SignedSnapshot last, AuditCheckpoint? checkpoint, CancellationToken cancellationToken)
    {
        // Epochs that were audited, but not settled or sealed by then: the records to come say how.
        from = checkpoint;
        var open = audit.State.Epochs.Closed.Select(static epoch => epoch.Number).DefaultIfEmpty(long.MaxValue).Min();
        var held = audit.State.Epochs.Held.Count > 0 ? audit.State.Epochs.Held[0].Number : from?.Epoch + 1 ?? 1;
        book = new WorkBook(held);
        var oldest = Math.Min(Math.Min(open, Math.Max(held - 1, 1)), from?.Epoch ?? 1);
        var chain = await EpochChain.WalkAsync(last, oldest, source, tally, findings, cancellationToken);
        if (chain.First > oldest || !Continues(chain))
        {
            return default; // There is nothing to stand on.
        }

        splits.Record(FirstUnsettled - 1, audit.State.Epochs.PolicyState, audit.Head.Sequence);
        var later = new SettlementRecordCheck(chain.Cids, splits, findings);
        (EpochSnapshot Epoch, IReadOnlyList<PayoutItem>? Payouts)? previous = null;
        for (var number = oldest; number <= chain.Last; number++)
        {
            var epoch = number == chain.Last ? (EpochSnapshot)last.Body : await chain.FetchAsync(number, source, cancellationToken);
            findings.Subject = epoch.EpochId + ": ";
            if (number <= from?.Epoch)
            {
                if (number >= held)
                {
                    await reading.RememberAsync(epoch, previous?.Epoch, book, cancellationToken);
                }

                previous = (epoch, await RememberAsync(epoch, later, cancellationToken));
                continue;
            }

            tally.Open(epoch);
            var read = await reading.ReadAsync(epoch, previous?.Epoch, previous?.Payouts, book, stored => Judge(stored, later), cancellationToken);
            if (!read.Complete)
            {
                break; // Already found: without all of its records nothing can be said of what came after.
            }

            CheckAccount(epoch);
            if (number == chain.Last && audit.State.Settings is { } settings)
            {
                remarks.HearLast(epoch, settings);
            }

            later.Expect(epoch, read.Pages.Payouts, read.Pages.Checkers);
            unsettled.Enqueue(new Unsettled(number, read.Pages.Size, epoch.TotalVolumeUsdc, Before: false));
            await SettleAsync(chain, (epoch, read.Pages), cancellationToken);
            previous = (epoch, read.Pages.Payouts);
        }

        foreach (var epoch in unsettled.Where(static epoch => !epoch.Before))
        {
            remarks.Add(
                AuditRemarkKinds.Split, 0, $"{EpochAccount.IdOf(epoch.Number)} was not settled again: how the epoch before it was settled is recorded after the epochs that were audited",
                epoch.Volume.Micro);
        }

        remarks.End(audit.State);

        return new Result(settledAgain, lastSettled);
    }

    // Closed epochs are settled in their order.
    private long FirstUnsettled => audit.State.Epochs.Closed.Find(static epoch => epoch.SettledSequence == 0)?.Number ?? (audit.State.Epochs.Open?.Number ?? 1);

    private PoolRecord? Judge(JournalRecord stored, SettlementRecordCheck later)
    {
        var settings = audit.State.Settings;
        var record = audit.Next(stored);
        if (record is not null)
        {
            tally.Take(record);
            remarks.Hear(record, settings, audit.State);
            later.Check(record, stored);
        }

        return record;
    }

    private bool Continues(EpochChain chain)
    {
        if (from is null || chain[from.Epoch] == from.Cid)
        {
            return true;
        }

        findings.Subject = "";
        findings.Add($"the checkpoint's {EpochAccount.IdOf(from.Epoch)} is {from.Cid}, this epoch stands on {chain[from.Epoch]}: the pool has signed two histories");
        return false;
    }

    private async Task<IReadOnlyList<PayoutItem>?> RememberAsync(EpochSnapshot epoch, SettlementRecordCheck later, CancellationToken cancellationToken)
    {
        if (audit.State.Epochs.FindClosed(epoch.Number) is not { SettledSequence: 0 })
        {
            return null;
        }

        var payouts = await source.PayoutsAsync(epoch, EpochSource.MostPayouts, cancellationToken);
        var checkers = await source.ItemsAsync<PayoutItem>(epoch.Settlements.Checkers ?? [], EpochSource.MostPayouts, cancellationToken);
        later.Expect(epoch, payouts, checkers);
        var size = new EpochSize((int)Math.Min(epoch.ProofsCount, int.MaxValue), payouts.Count, EpochSource.MostPayouts, (int)Math.Min(epoch.Checks?.Count ?? 0, int.MaxValue), EpochSource.MostPayouts);
        unsettled.Enqueue(new Unsettled(epoch.Number, size, epoch.TotalVolumeUsdc, Before: epoch.Number == FirstUnsettled));
        return payouts;
    }

    private async Task SettleAsync(EpochChain chain, (EpochSnapshot Epoch, EpochPages Pages) read, CancellationToken cancellationToken)
    {
        while (unsettled.TryPeek(out var next) && splits.IsDue(next.Number))
        {
            unsettled.Dequeue();
            var (epoch, pages) = next.Number == read.Epoch.Number ? read : await FetchAsync(next.Number, next.Size, chain, cancellationToken);
            findings.Subject = epoch.EpochId + ": ";
            var again = splits.Settle(epoch, pages);
            lastSettled = again && epoch.Number == chain.Last;
            if (!next.Before)
            {
                settledAgain += again ? 1 : 0;
                remarks.Hear(epoch, again);
            }
        }
    }

    private async Task<(EpochSnapshot Epoch, EpochPages Pages)> FetchAsync(long number, EpochSize size, EpochChain chain, CancellationToken cancellationToken)
    {
        var epoch = await chain.FetchAsync(number, source, cancellationToken);
        var before = epoch.PreviousEpoch is { } cid ? (await source.EpochAsync(cid, cancellationToken)).Body : null;
        return (epoch, await reading.PagesAsync(epoch, before, size, cancellationToken));
    }

    private void CheckAccount(EpochSnapshot epoch)
    {
        if (audit.State.Epochs.FindClosed(epoch.Number) is not { } account || account.ToSequence != epoch.ToSequence)
        {
            findings.Add("its last record does not close it");
            return;
        }

        Same("opening_state", epoch.OpeningState, account.OpeningState);
        Same("from_sequence", epoch.FromSequence, account.FromSequence);
        Same("started_at", epoch.StartedAt, account.StartedAt);
        Same("ended_at", epoch.EndedAt, account.EndedAt);
        Same("jobs_count", epoch.JobsCount, account.Jobs);
        Same("proofs_count", epoch.ProofsCount, account.Proofs);
        Same("total_volume_usdc", epoch.TotalVolumeUsdc, account.Volume);
    }

    private void Same<T>(string field, T published, T computed) =>
        findings.Expect(EqualityComparer<T>.Default.Equals(published, computed), FormattableString.Invariant($"{field} is {published}; by the rules it is {computed}"));

    /// <param name="Number">The epoch's number.</param>
    /// <param name="Size">How long its lists are.</param>
    /// <param name="Volume">What its jobs paid.</param>
    /// <param name="Before">Whether the audit that ended at the checkpoint settled it: it is done again for what the policy returns.</param>
    private readonly record struct Unsettled(long Number, EpochSize Size, Usdc Volume, bool Before);
}
