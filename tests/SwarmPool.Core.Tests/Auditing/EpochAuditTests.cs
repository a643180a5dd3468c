using SwarmPool.Core.Auditing;
using SwarmPool.Core.Settlement;
using SwarmPool.Identity;
using SwarmPool.Protocol.Merkle;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Tests.Auditing;

public sealed class EpochAuditTests
{
    private static readonly EpochLedger Ledger = Ledgers.Of(("a", 5), ("b", 200), ("c", 301), ("a", 1), ("d", 7));
    private static readonly HalfPolicy Policy = new();
    private static readonly EpochProofItem[] Proofs = [.. Ledger.Entries.Select(EpochItems.ProofItem)];
    private static readonly SwarmPool.Settlement.Settlement Settlement = Policy.Settle(Ledger, "").Settlement;
    private static readonly PayoutItem[] Payouts = [.. Settlement.Miners.Select(p => EpochItems.PayoutItem(p.To, p.Amount))];
    private static readonly EpochSnapshot Epoch = Sealed();

    [Fact]
    public void A_right_epoch_has_no_differences() => Assert.Empty(Differences(Epoch));

    [Fact]
    public void An_epoch_without_work_has_no_differences()
    {
        var operations = EpochItems.PayoutItem(Ledgers.Operations, Usdc.Zero);
        var empty = Epoch with
        {
            JobsCount = 0,
            ProofsCount = 0,
            TotalVolumeUsdc = Usdc.Zero,
            MerkleRoot = MerkleTree.EmptyRoot,
            PayoutRoot = MerkleTree.EmptyRoot,
            Settlements = new(Usdc.Zero, Usdc.Zero, Usdc.Zero, operations, []),
        };
        Assert.Empty(EpochAudit.Differences(empty, [], [], Policy, ""));
    }

    [Fact]
    public void Each_changed_field_is_named()
    {
        One("total_volume_usdc", Epoch with { TotalVolumeUsdc = Usdc.FromMicro(515), Settlements = Epoch.Settlements with { TotalVolume = Usdc.FromMicro(515) } });
        One("proofs_count", Epoch with { ProofsCount = 4 });
        One("jobs_count", Epoch with { JobsCount = 4 });
        One("merkle_root", Epoch with { MerkleRoot = MerkleTree.EmptyRoot });
        One("payout_root", Epoch with { PayoutRoot = MerkleTree.EmptyRoot });
        One("settlements.total_volume", Epoch with { Settlements = Epoch.Settlements with { TotalVolume = Usdc.Zero } });
        One("settlements.miner_pool", Epoch with { Settlements = Epoch.Settlements with { MinerPool = Usdc.Zero } });
        One("settlements.hive_ops", Epoch with { Settlements = Epoch.Settlements with { HiveOps = Usdc.Zero } });

        static void One(string field, EpochSnapshot changed) =>
            Assert.StartsWith(field, Assert.Single(Differences(changed)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_micro_moved_from_one_miner_to_another_is_found_and_named()
    {
        PayoutItem[] moved = [.. Payouts];
        moved[1] = moved[1] with { Amount = moved[1].Amount - Usdc.FromMicro(1) };
        moved[2] = moved[2] with { Amount = moved[2].Amount + Usdc.FromMicro(1) };
        var covered = Epoch with { PayoutRoot = EpochRoots.OfPayouts(Epoch.Settlements.Operations, moved) };

        var differences = EpochAudit.Differences(covered, Proofs, moved, Policy, "");

        Assert.Equal(2, differences.Count);
        Assert.StartsWith("b.eth", differences[0], StringComparison.Ordinal);
        Assert.StartsWith("c.eth", differences[1], StringComparison.Ordinal);
        Assert.Empty(EpochAudit.Differences(covered, Proofs, moved, null, ""));
    }

    [Fact]
    public void A_proof_paid_twice_is_found()
    {
        EpochProofItem[] twice = [.. Proofs, Proofs[0]];
        Assert.Contains(EpochAudit.Differences(Epoch, twice, Payouts, null, ""), d => d.Contains("paid more than once", StringComparison.Ordinal));
    }

    [Fact]
    public void A_payout_to_a_stranger_is_found()
    {
        PayoutItem[] stolen = [.. Payouts.SkipLast(1), Payouts[^1] with { Miner = EnsName.Parse("thief.eth") }];
        Assert.Contains(EpochAudit.Differences(Epoch, Proofs, stolen, null, ""), d => d.StartsWith("SP3404", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_policy_is_named_and_not_run()
    {
        var difference = Assert.Single(EpochAudit.Differences(Epoch, Proofs, Payouts, new HalfPolicy { Version = "2.0.0" }, ""));
        Assert.Contains("half 2.0.0 can't check its split", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_throws_is_a_difference() =>
        Assert.Contains("FormatException", Assert.Single(EpochAudit.Differences(Epoch, Proofs, Payouts, new WrongPolicies.Throws(), "")), StringComparison.Ordinal);

    [Fact]
    public void An_address_that_is_paid_under_two_names_has_one_leaf_and_zero_has_none()
    {
        var one = Ledgers.Address("one");
        var two = Ledgers.Address("two");
        PayoutItem[] miners =
        [
            new(EnsName.Parse("a.eth"), one, Usdc.FromMicro(3)),
            new(EnsName.Parse("b.eth"), one, Usdc.FromMicro(4)),
            new(EnsName.Parse("c.eth"), Ledgers.Address("zero"), Usdc.Zero),
        ];
        var claims = EpochRoots.Claimable(new(EnsName.Parse("ops.eth"), two, Usdc.FromMicro(5)), miners);
        Assert.Equal(2, claims.Count);
        Assert.Equal(7, claims[one]);
        Assert.Equal(5, claims[two]);
    }

    private static IReadOnlyList<string> Differences(EpochSnapshot epoch) => EpochAudit.Differences(epoch, Proofs, Payouts, Policy, "");

    private static EpochSnapshot Sealed()
    {
        var operations = EpochItems.PayoutItem(Ledgers.Operations, Settlement.Operations);
        return new EpochSnapshot
        {
            Pool = EnsName.Parse("swarmpool.eth"),
            Network = "local",
            Timestamp = 1_760_000_000,
            Nonce = new string('0', 32),
            EpochId = Ledger.EpochId,
            Number = Ledger.Number,
            Status = "sealed",
            StartedAt = 1_760_000_000_000,
            EndedAt = 1_760_000_600_000,
            JobsCount = 5,
            ProofsCount = 5,
            TotalVolumeUsdc = Ledger.Volume,
            Proofs = [],
            MerkleRoot = EpochRoots.OfProofs(Proofs),
            Policy = new(Policy.Name, Policy.Version, new string('0', 64)),
            PolicyReplaced = false,
            Settlements = new(Ledger.Volume, Ledger.Volume - Settlement.Operations, Settlement.Operations, operations, []),
            PayoutRoot = EpochRoots.OfPayouts(operations, Payouts),
            OpeningState = new string('0', 64),
            FromSequence = 1,
            ToSequence = 9,
            JournalRoot = new string('0', 64),
            Journal = [],
        };
    }
}
