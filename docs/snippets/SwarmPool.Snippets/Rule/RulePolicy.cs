using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;

namespace SwarmPool.Snippets.Rule;

// snippet: policy
internal sealed class RulePolicy(RuleOptions options) : ISettlementPolicy
{
    public string Name => $"my-rule {options.MinerPercent}%";

    public string Version => "1.0.0";

    public SettlementOutcome Settle(EpochLedger ledger, string policyState)
    {
        var miners = ledger.Entries
            .GroupBy(entry => entry.Miner)
            .OrderBy(own => own.Key.Name).ThenBy(own => own.Key.Address)
            .Select(own => new Payout(own.Key, Usdc.FromMicro(own.Sum(entry => entry.Price.Micro * options.MinerPercent / 100))))
            .ToList();
        var paid = miners.Aggregate(Usdc.Zero, (sum, payout) => sum + payout.Amount);
        return new(new(ledger.Volume - paid, miners), PolicyState: "");
    }
}
// end

// snippet: conformance
public sealed class RuleTests : SettlementSuite
{
    protected override ISettlementPolicy Make() => new RulePolicy(new RuleOptions());
}
// end
