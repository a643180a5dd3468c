using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;
using Xunit;

namespace Company.Plugin1.Tests;

/// <summary>What the rule pays to whom.</summary>
public sealed class RuleTests
{
    [Fact]
    public void A_miner_gets_its_part_of_each_job_rounded_down()
    {
        var alice = Ledgers.PayeeOf("alice");
        var ledger = Ledgers.Of(1, [new(alice, MiningMode.PPS, 101), new(alice, MiningMode.SOLO, 100)]);

        var settlement = new SettlementPolicy(new SettlementOptions { MinerPercent = 75 }).Settle(ledger, "").Settlement;

        Assert.Equal(75 + 75, Assert.Single(settlement.Miners).Amount.Micro);
        Assert.Equal(51, settlement.Operations.Micro);
    }
}
