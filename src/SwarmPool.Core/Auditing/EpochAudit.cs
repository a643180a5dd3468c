using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// Recomputes a sealed epoch from its published pages. Anybody can: it needs the epoch, its pages and, to check the split
/// itself, the policy by its published name and version.
/// </summary>
/// <remarks>
/// Pure; thread-safe. It does not check the snapshot's signature, nor that the pages have their CIDs: who fetched them did.
/// A policy given here is run in place, without a time limit; what it throws is a difference.
/// </remarks>
public static class EpochAudit
{
    /// <summary>The most differences that are listed one by one; the rest is counted in a last line.</summary>
    public const int MaxListed = 100;

    /// <summary>Everything in which the epoch differs from what its pages give; empty when it is right.</summary>
    /// <param name="epoch">The sealed epoch.</param>
    /// <param name="proofs">All items of the pages <see cref="EpochSnapshot.Proofs"/>.</param>
    /// <param name="payouts">All items of the pages <see cref="EpochSettlements.Miners"/>, in their order.</param>
    /// <param name="policy">The policy to settle it by again; null leaves that part out.</param>
    /// <param name="policyState">What the policy returned for the epoch before; empty for the first.</param>
    /// <param name="earlier">The payees that the settlement of the epoch before lists; null or empty for the first epoch.</param>
    /// <param name="checks">All items of the pages of <see cref="EpochSnapshot.Checks"/>; null or empty where it has none.</param>
    /// <param name="checkers">All items of the pages <see cref="EpochSettlements.Checkers"/>; null or empty where it has none.</param>
    /// <param name="refunds">All items of the pages of <see cref="EpochSnapshot.Refunds"/>; null or empty where it has none.</param>
    public static IReadOnlyList<string> Differences(
        EpochSnapshot epoch,
        IReadOnlyList<EpochProofItem> proofs,
        IReadOnlyList<PayoutItem> payouts,
        ISettlementPolicy? policy,
        string policyState,
        IReadOnlyList<Payee>? earlier = null,
        IReadOnlyList<EpochCheckItem>? checks = null,
        IReadOnlyList<PayoutItem>? checkers = null,
        IReadOnlyList<RefundItem>? refunds = null)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentNullException.ThrowIfNull(proofs);
        ArgumentNullException.ThrowIfNull(payouts);
        ArgumentNullException.ThrowIfNull(policyState);

        var ledger = EpochItems.Ledger(epoch, proofs, earlier, checks);
        var split = policy is null ? [] : SplitCheck.Differences(epoch, ledger, payouts, checkers ?? [], policy, policyState, out _);
        var all = Proofs(epoch, proofs).Concat(HoldCheck.Lists(epoch, proofs, checks ?? [], refunds ?? []))
            .Concat(Payouts(epoch, ledger, payouts, checkers ?? [])).Concat(split).ToList();
        return all.Count <= MaxListed ? all : [.. all.Take(MaxListed), $"and {all.Count - MaxListed} more"];
    }

    private static IEnumerable<string> Proofs(EpochSnapshot epoch, IReadOnlyList<EpochProofItem> proofs)
    {
        Int128 volume = 0;
        var paid = new HashSet<Transport.Cid>();
        var jobs = new HashSet<Transport.Cid>();
        foreach (var proof in proofs)
        {
            volume += proof.Price.Micro;
            jobs.Add(proof.JobCid);
            if (!paid.Add(proof.ProofCid))
            {
                yield return $"proof {proof.ProofCid} is paid more than once";
            }
        }

        if (epoch.TotalVolumeUsdc.Micro != volume)
        {
            yield return Differs("total_volume_usdc in micro-USDC", epoch.TotalVolumeUsdc.Micro, volume);
        }

        if (epoch.ProofsCount != proofs.Count)
        {
            yield return Differs("proofs_count", epoch.ProofsCount, proofs.Count);
        }

        if (epoch.JobsCount != jobs.Count)
        {
            yield return Differs("jobs_count", epoch.JobsCount, jobs.Count);
        }

        var root = EpochRoots.OfProofs(proofs);
        if (!string.Equals(epoch.MerkleRoot, root, StringComparison.Ordinal))
        {
            yield return Differs("merkle_root", epoch.MerkleRoot, root);
        }
    }

    private static IEnumerable<string> Payouts(EpochSnapshot epoch, EpochLedger ledger, IReadOnlyList<PayoutItem> payouts, IReadOnlyList<PayoutItem> checkers)
    {
        var settlements = epoch.Settlements;
        Int128 miners = 0;
        foreach (var payout in payouts)
        {
            miners += payout.Amount.Micro;
        }

        if (settlements.TotalVolume != epoch.TotalVolumeUsdc)
        {
            yield return $"settlements.total_volume is {settlements.TotalVolume}, but total_volume_usdc is {epoch.TotalVolumeUsdc}";
        }

        if (settlements.MinerPool.Micro != miners)
        {
            yield return Differs("settlements.miner_pool in micro-USDC", settlements.MinerPool.Micro, miners);
        }

        if (settlements.HiveOps != settlements.Operations.Amount)
        {
            yield return $"settlements.hive_ops is {settlements.HiveOps}, but operations are paid {settlements.Operations.Amount}";
        }

        if (CheckFees.Check(ledger, settlements.Operations.Amount, checkers) is { } unpaid)
        {
            yield return unpaid.ToString();
        }

        // The payouts as published have to pass the same check that they passed when they were settled, before checkers were paid out of operations'.
        var operations = Int128.Min(settlements.Operations.Amount.Micro + DeclaredPayouts.Sum(checkers), long.MaxValue);
        var published = new SettlementOutcome(
            new(Usdc.FromMicro((long)operations), PayoutsOf(payouts)) { Declared = PayoutsOf(settlements.Declared ?? []) }, "");
        if (SettlementCheck.Check(ledger, published) is { } refusal)
        {
            yield return refusal.ToString();
        }

        var root = EpochRoots.OfPayouts(settlements.Operations, [.. payouts, .. settlements.Declared ?? [], .. checkers]);
        if (!string.Equals(epoch.PayoutRoot, root, StringComparison.Ordinal))
        {
            yield return Differs("payout_root", epoch.PayoutRoot, root);
        }
    }

    private static IReadOnlyList<Payout> PayoutsOf(IReadOnlyList<PayoutItem> items) => [.. items.Select(static item => new Payout(EpochItems.PayeeOf(item), item.Amount))];

    private static string Differs<T>(string field, T published, T computed) => $"{field} is {published}; the pages give {computed}";
}
