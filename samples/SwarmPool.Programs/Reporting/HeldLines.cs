using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Reporting;

/// <summary>What an epoch says of work that is held back and checked, for screens. Nothing where a pool does neither.</summary>
public static class HeldLines
{
    /// <summary>Whose work it pays, and what goes back to clients.</summary>
    public static IEnumerable<(string Label, string Text)> Of(EpochSnapshot epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        if (epoch is { WorkFrom: { } from, WorkTo: { } to })
        {
            yield return ("Pays for:", to < from ? "no epoch yet: their work is held" : to == from ? $"the work of epoch-{from}" : $"the work of epoch-{from} to epoch-{to}");
        }

        if (epoch.Refunds is { } refunds)
        {
            yield return ("Goes back:", $"{refunds.Total} USDC to clients: the work was found wrong");
        }
    }

    /// <summary>What checkers get together, as the end of a line about an epoch's money; empty when nobody is paid for checks.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="label">What stands before the sum.</param>
    public static string Checkers(EpochSnapshot epoch, string label)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        var settled = epoch.Settlements;
        var others = (settled.Declared ?? []).Aggregate((Int128)settled.MinerPool.Micro + settled.HiveOps.Micro, static (sum, item) => sum + item.Amount.Micro);
        return settled.Checkers is null || others > settled.TotalVolume.Micro ? "" : $"{label}{Usdc.FromMicro((long)(settled.TotalVolume.Micro - others))}";
    }
}
