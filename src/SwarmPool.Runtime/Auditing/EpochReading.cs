using System.Globalization;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Auditing;

/// <summary>One published epoch, read with all its pages and recomputed from them.</summary>
/// <param name="source">Where pages come from.</param>
/// <param name="findings">Is told what differs.</param>
/// <param name="policy">The policy to settle epochs by again, those that were settled by it; null leaves that out.</param>
internal sealed class EpochReading(EpochSource source, AuditFindings findings, ISettlementPolicy? policy)
{
    /// <param name="Payouts">Who is paid what.</param>
    /// <param name="SplitChecked">Whether the policy settled it again.</param>
    /// <param name="Complete">Whether all of its records could be read.</param>
    public sealed record Result(IReadOnlyList<PayoutItem> Payouts, bool SplitChecked, bool Complete);

    /// <summary>Reads an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="previous">The one before; null when it names none.</param>
    /// <param name="judge">Judges each record; null from it when the record can't be read.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Errors.SwarmPoolException">A page can't be had, or is none.</exception>
    public async Task<Result> ReadAsync(
        EpochSnapshot epoch, EpochSnapshot? previous, Func<JournalRecord, PoolRecord?> judge, CancellationToken cancellationToken)
    {
        CheckLink(epoch, previous);
        var proofs = await source.ItemsAsync<EpochProofItem>(epoch.Proofs, epoch.ProofsCount, cancellationToken);
        var payouts = await source.PayoutsAsync(epoch, cancellationToken);

        var decided = new List<EpochProofItem>();
        SettlementFact? before = null;
        long read = epoch.FromSequence - 1;
        var root = previous is null ? JournalHead.Empty.Hash : Convert.FromHexString(previous.JournalRoot);
        await foreach (var stored in new PublishedJournal(epoch, root, findings).ReadAsync(source.LeavesAsync(epoch.Journal, cancellationToken)))
        {
            if (judge(stored) is not { } record)
            {
                break;
            }

            decided.AddRange(record.Events.OfType<JobDecided>().SelectMany(job => EpochRecords.Entries(job, record.At)).Select(EpochItems.ProofItem));
            before ??= SettlementOf(epoch.Number - 1, record);
            read = stored.Sequence;
        }

        findings.Expect(decided.SequenceEqual(proofs), "the proofs are not those that the journal's records decided");

        // The policy began with what it had returned for the epoch before; that settlement is among this epoch's records.
        var policyState = epoch.Number == 1 ? "" : before?.PolicyState;
        var again = policyState is not null && policy?.Name == epoch.Policy.Name && policy.Version == epoch.Policy.Version ? policy : null;
        var earlier = before is not null ? EpochRecords.Payees(before) : await PayeesOfAsync(previous, cancellationToken);
        foreach (var difference in EpochAudit.Differences(epoch, proofs, payouts, again, policyState ?? "", earlier))
        {
            findings.Add(difference);
        }

        return new Result(payouts, again is not null, read == epoch.ToSequence);
    }

    private void CheckLink(EpochSnapshot epoch, EpochSnapshot? previous)
    {
        if (previous is null)
        {
            findings.Expect(epoch.Number == 1 && epoch.FromSequence == 1, "it names no previous epoch, but is not the first");
            return;
        }

        findings.Expect(previous.Pool == epoch.Pool && previous.Network == epoch.Network, $"the previous epoch {epoch.PreviousEpoch} is of {previous.Pool} on '{previous.Network}'");
        findings.Expect(previous.Number == epoch.Number - 1, Text($"the previous epoch {epoch.PreviousEpoch} has number {previous.Number}"));
        findings.Expect(previous.EndedAt == epoch.StartedAt, "it does not begin when the previous epoch ended");
        findings.Expect(
            previous.ToSequence + 1 == epoch.FromSequence,
            Text($"the previous epoch ends with record {previous.ToSequence}, this one begins with {epoch.FromSequence}"));
    }

    private async Task<IReadOnlyList<Payee>> PayeesOfAsync(EpochSnapshot? previous, CancellationToken cancellationToken) => previous is null
        ? []
        : [.. (await source.PayoutsAsync(previous, cancellationToken)).Select(item => new Payee(item.Miner, item.Address))];

    private static SettlementFact? SettlementOf(long number, PoolRecord record) =>
        record.Events.OfType<EpochSettled>().Any(settled => settled.Number == number) ? record.Facts.Settlement : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
