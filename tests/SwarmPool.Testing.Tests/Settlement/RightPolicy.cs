using SwarmPool.Settlement;

namespace SwarmPool.Testing.Tests.Settlement;

/// <summary>A right policy to be wrong beside: three quarters of each job to its miner, rounded down, the rest to operations.</summary>
internal class RightPolicy : ISettlementPolicy
{
    public string Name => "right";

    public string Version => "1.0.0";

    public virtual SettlementOutcome Settle(EpochLedger ledger, string policyState) => Outcome(ledger, entry => entry.Price.Micro * 3 / 4);

    protected static SettlementOutcome Outcome(EpochLedger ledger, Func<LedgerEntry, long> part, long? operations = null, string state = "")
    {
        var paid = ledger.Entries.GroupBy(entry => entry.Miner)
            .Select(own => new Payout(own.Key, Usdc.FromMicro(own.Sum(part))))
            .OrderBy(payout => payout.To.Name).ThenBy(payout => payout.To.Address).ToList();
        return new(new(Usdc.FromMicro(operations ?? ledger.Volume.Micro - paid.Sum(payout => payout.Amount.Micro)), paid), state);
    }

    protected static SettlementOutcome With(SettlementOutcome outcome, IEnumerable<Payout> miners) =>
        outcome with { Settlement = outcome.Settlement with { Miners = [.. miners] } };
}
