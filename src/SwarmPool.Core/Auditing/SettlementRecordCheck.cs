using System.Security.Cryptography;
using System.Text;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Core.Auditing;

/// <summary>What the journal says of an epoch once it is closed: how it was settled, and as which snapshot it was sealed. Both have to be what was published.</summary>
/// <param name="chain">The CID of each epoch, by its number.</param>
/// <param name="splits">Is told what the policy returned.</param>
/// <param name="findings">Is told what differs.</param>
/// <remarks>Not thread-safe. An epoch is kept until its settlement is recorded, in some hundred bytes: a pool may take its time.</remarks>
internal sealed class SettlementRecordCheck(IReadOnlyDictionary<long, Cid> chain, SplitAudit splits, AuditFindings findings)
{
    private readonly Dictionary<long, Published> published = [];

    /// <summary>An epoch whose settlement is still to come.</summary>
    public void Expect(EpochSnapshot epoch, IReadOnlyList<PayoutItem> payouts, IReadOnlyList<PayoutItem> checkers) => published[epoch.Number] = new Published(
        Settlement(epoch.Policy, epoch.PolicyReplaced, epoch.Settlements.Operations, payouts, epoch.Settlements.Declared, checkers), epoch.Timestamp, epoch.Nonce);

    public void Check(PoolRecord record, JournalRecord stored)
    {
        foreach (var happened in record.Events)
        {
            if (happened is EpochSettled settled)
            {
                Check(settled, record, stored);
            }
            else if (happened is EpochSealed sealed_ && chain.TryGetValue(sealed_.Number, out var cid) && cid != sealed_.Cid)
            {
                findings.Add(record.Sequence, $"it seals {EpochAccount.IdOf(sealed_.Number)} as {sealed_.Cid}; the epochs since name {cid}: the pool has signed two");
            }
        }
    }

    private void Check(EpochSettled settled, PoolRecord record, JournalRecord stored)
    {
        splits.Record(settled.Number, settled.PolicyState, record.Sequence);
        if (record.Facts.Settlement is not { } fact || !published.Remove(settled.Number, out var seen))
        {
            return; // That nothing was recorded, or an epoch twice, is found by the rules.
        }

        var id = EpochAccount.IdOf(settled.Number);
        var told = Settlement(fact.Policy, fact.Replaced, EpochItems.PayoutItem(fact.OperationsPayee, fact.Operations), fact.Miners, fact.Declared, fact.Checkers);
        findings.Expect(told == seen.Settlement, record.Sequence, $"it settles {id} in another way than was published");

        // A snapshot is a function of the journal: there is one for an epoch, whoever makes it again.
        findings.Expect(seen.Timestamp == record.At / 1000, record.Sequence, FormattableString.Invariant($"it gives {id} the timestamp {record.At / 1000}; {seen.Timestamp} was published"));
        findings.Expect(seen.Nonce == Nonce.FromHash(stored.Hash.Span), record.Sequence, $"it gives {id} another nonce than was published");
    }

    private static string Settlement(
        PolicyIdentity policy, bool replaced, PayoutItem operations, IReadOnlyList<PayoutItem> miners, IReadOnlyList<PayoutItem>? declared, IReadOnlyList<PayoutItem>? checkers)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add($"{policy.Name}\n{policy.Version}\n{policy.Sha256}\n{replaced}\n");
        Pay(operations);
        foreach (var item in miners)
        {
            Pay(item);
        }

        foreach (var item in declared ?? [])
        {
            Add("declared\n");
            Pay(item);
        }

        foreach (var item in checkers ?? [])
        {
            Add("checker\n");
            Pay(item);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Pay(PayoutItem item) => Add($"{item.Miner} {item.Address} {item.Amount}\n");
        void Add(string line) => hash.AppendData(Encoding.UTF8.GetBytes(line));
    }

    /// <param name="Settlement">The hash of all that a settlement says.</param>
    /// <param name="Timestamp">The snapshot's, unix seconds.</param>
    /// <param name="Nonce">The snapshot's.</param>
    private readonly record struct Published(string Settlement, long Timestamp, string Nonce);
}
