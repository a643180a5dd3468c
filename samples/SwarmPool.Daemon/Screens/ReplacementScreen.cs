using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Daemon.Epochs;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>A settlement by a replacing policy.</summary>
public static class ReplacementScreen
{
    /// <summary>Shows it.</summary>
    public static void Show(Terminal terminal, ReplacedSettlement settled)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(settled);
        terminal.Line($"✓ {settled.EpochId} is settled by {settled.Policy.Name} {settled.Policy.Version}. It says of itself that the policy was replaced.", Tone.Good, hang: 2);
        terminal.Facts([("Operations:", $"{settled.Operations} USDC"), .. settled.Miners.Select(payout => ($"{payout.Miner}:", $"{payout.Amount} USDC → {payout.Address}")), .. PayeeLines.Of(settled.Declared)]);
        if (settled.StillUnsettled > 0)
        {
            terminal.Line($"! {Counted.Of(settled.StillUnsettled, "closed epoch")} after it still not settled: the daemon tries, by the configured policy.", Tone.Warn, hang: 2);
        }

        if (settled.AcceptJournalHead is { } head)
        {
            terminal.Line($"! The daemon had not ended in order, so nobody has signed the journal as it was. If you vouch for it, start the daemon with accept_journal_head = \"{head}\".", Tone.Warn, hang: 2);
        }

        terminal.Line("  Start the daemon: it seals the epoch, publishes it and goes on. An audit needs --policy, unless that is the configured one.", hang: 2);
    }
}
