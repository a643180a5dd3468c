using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Auditing;

/// <summary>What the journal says of an epoch once it is closed: how it was settled, and as which snapshot it was sealed. Both have to be what was published.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class LaterWord(EpochChain chain, AuditFindings findings)
{
    private readonly Dictionary<long, (EpochSnapshot Epoch, IReadOnlyList<PayoutItem> Payouts)> published = [];

    /// <summary>An epoch whose settlement is still to come.</summary>
    public void Expect(EpochSnapshot epoch, IReadOnlyList<PayoutItem> payouts) => published[epoch.Number] = (epoch, payouts);

    public void Hear(PoolRecord record)
    {
        foreach (var happened in record.Events)
        {
            if (happened is EpochSettled settled && published.Remove(settled.Number, out var seen))
            {
                Compare(record, seen.Epoch, seen.Payouts);
            }
            else if (happened is EpochSealed sealed_ && chain.TryGet(sealed_.Number, out var cid) && cid != sealed_.Cid)
            {
                findings.Add(record.Sequence, $"it seals {EpochAccount.IdOf(sealed_.Number)} as {sealed_.Cid}; the epochs since name {cid}: the pool has signed two");
            }
        }
    }

    private void Compare(PoolRecord record, EpochSnapshot epoch, IReadOnlyList<PayoutItem> payouts)
    {
        if (record.Facts.Settlement is not { } fact)
        {
            return; // That nothing was recorded is found by the rules.
        }

        if (fact.Policy != epoch.Policy
            || fact.Replaced != epoch.PolicyReplaced
            || EpochItems.PayoutItem(fact.OperationsPayee, fact.Operations) != epoch.Settlements.Operations
            || !fact.Miners.SequenceEqual(payouts))
        {
            findings.Add(record.Sequence, $"it settles {epoch.EpochId} in another way than was published");
        }
    }
}
