using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Auditing;

/// <summary>
/// Epoch after epoch, each record decided again on the state that those before it led to, and each epoch's snapshot compared with that
/// state and with what the journal says of it later.
/// </summary>
/// <param name="source">Where epochs come from.</param>
/// <param name="reading">Reads one.</param>
/// <param name="audit">Decides records; stands where the checkpoint does, or before the first record.</param>
/// <param name="tally">Counts.</param>
/// <param name="findings">Is told what differs.</param>
/// <remarks>Not thread-safe; for one run.</remarks>
internal sealed class HistoryAudit(EpochSource source, EpochReading reading, RecordAudit audit, AuditTally tally, AuditFindings findings)
{
    /// <param name="Splits">How many splits were recomputed.</param>
    /// <param name="LastSplit">Whether the last epoch's is among them.</param>
    public readonly record struct Result(long Splits, bool LastSplit);

    /// <summary>Audits everything up to an epoch.</summary>
    /// <param name="last">The epoch.</param>
    /// <param name="from">Where an earlier audit ended; null: nowhere.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">Something can't be had.</exception>
    public async Task<Result> RunAsync(SignedSnapshot last, AuditCheckpoint? from, CancellationToken cancellationToken)
    {
        // Epochs that were audited, but not settled or sealed by then: the records to come say how.
        var open = audit.State.Epochs.Closed.Select(static epoch => epoch.Number).DefaultIfEmpty(long.MaxValue).Min();
        var oldest = Math.Min(open, from?.Epoch ?? 1);
        var chain = await EpochChain.WalkAsync(last, oldest, source, findings, cancellationToken);
        if (chain.First > oldest || !Continues(from, chain))
        {
            return default; // There is nothing to stand on.
        }

        var later = new LaterWord(chain, findings);
        var (splits, lastSplit) = (0L, false);
        EpochSnapshot? previous = null;
        for (var number = oldest; number <= chain.Last; number++)
        {
            var epoch = number == chain.Last ? (EpochSnapshot)last.Body : await chain.FetchAsync(number, source, cancellationToken);
            findings.Subject = epoch.EpochId + ": ";
            if (number <= from?.Epoch)
            {
                await RememberAsync(epoch, later, cancellationToken);
            }
            else
            {
                tally.Open(number);
                var read = await reading.ReadAsync(epoch, previous, stored => Judge(stored, later), cancellationToken);
                lastSplit = read.SplitChecked;
                splits += lastSplit ? 1 : 0;
                if (!read.Complete)
                {
                    break; // Already found: without all of its records nothing can be said of what came after.
                }

                CheckAccount(epoch);
                later.Expect(epoch, read.Payouts);
            }

            previous = epoch;
        }

        return new Result(splits, lastSplit);
    }

    private Pool.Records.PoolRecord? Judge(JournalRecord stored, LaterWord later)
    {
        var record = audit.Next(stored);
        if (record is not null)
        {
            tally.Take(record);
            later.Hear(record);
        }

        return record;
    }

    private bool Continues(AuditCheckpoint? from, EpochChain chain)
    {
        if (from is null || chain[from.Epoch] == from.Cid)
        {
            return true;
        }

        findings.Subject = "";
        findings.Add($"the checkpoint's {EpochAccount.IdOf(from.Epoch)} is {from.Cid}, this epoch stands on {chain[from.Epoch]}: the pool has signed two histories");
        return false;
    }

    private async Task RememberAsync(EpochSnapshot epoch, LaterWord later, CancellationToken cancellationToken)
    {
        if (audit.State.Epochs.FindClosed(epoch.Number) is { SettledSequence: 0 })
        {
            later.Expect(epoch, await source.PayoutsAsync(epoch, cancellationToken));
        }
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
}
