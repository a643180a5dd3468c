using System.Globalization;
using SwarmPool.Settlement;

namespace Company.Plugin1;

/// <summary>The rule: of each job its miner gets a fixed part, rounded down; operations get the rest.</summary>
/// <remarks>A change of what it pays is a new version: whoever audits an old epoch asks for the rule by name and version.</remarks>
internal sealed class SettlementPolicy(SettlementOptions options) : ISettlementPolicy
{
    private readonly int percent = options.MinerPercent;

    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"Company.Plugin1 {options.MinerPercent}%");

    public string Version => "1.0.0";

    public SettlementOutcome Settle(EpochLedger ledger, string policyState)
    {
        var paid = new Dictionary<Payee, long>();
        var operations = 0L;
        foreach (var entry in ledger.Entries)
        {
            // Integer micro-USDC, and no division without a word about its remainder.
            var part = (long)((Int128)entry.Price.Micro * percent / 100);
            paid[entry.Miner] = checked(paid.GetValueOrDefault(entry.Miner) + part);
            operations = checked(operations + entry.Price.Micro - part);
        }

        var miners = paid
            .OrderBy(one => one.Key.Name).ThenBy(one => one.Key.Address)
            .Select(one => new Payout(one.Key, Usdc.FromMicro(one.Value)));
        return new(new(Usdc.FromMicro(operations), [.. miners]), PolicyState: "");
    }
}
