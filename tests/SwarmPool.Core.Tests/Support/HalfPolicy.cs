using SwarmPool.Settlement;

namespace SwarmPool.Core.Tests.Support;

/// <summary>A right policy of another rule: half of each job to its miner, rounded down, the rest to operations.</summary>
internal class HalfPolicy : ISettlementPolicy
{
    public string Name { get; init; } = "half";

    public string Version { get; init; } = "1.0.0";

    public virtual SettlementOutcome Settle(EpochLedger ledger, string policyState)
    {
        var paid = new SortedDictionary<string, Payout>(StringComparer.Ordinal);
        long operations = 0;
        foreach (var entry in ledger.Entries)
        {
            var half = entry.Price.Micro / 2;
            operations += entry.Price.Micro - half;
            var key = $"{entry.Miner.Name} {entry.Miner.Address}";
            var before = paid.TryGetValue(key, out var payout) ? payout.Amount : Usdc.Zero;
            paid[key] = new Payout(entry.Miner, before + Usdc.FromMicro(half));
        }

        return new SettlementOutcome(new(Usdc.FromMicro(operations), [.. paid.Values]), policyState + "+");
    }
}
