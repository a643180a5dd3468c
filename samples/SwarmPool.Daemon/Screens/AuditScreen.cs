using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Settlement;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>What an audit found.</summary>
public static class AuditScreen
{
    /// <summary>Shows it.</summary>
    public static void Show(Terminal terminal, PublishedEpoch audited)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(audited);
        var epoch = audited.Snapshot;
        terminal.Line($"{epoch.EpochId} of {epoch.Pool}", Tone.Strong);
        terminal.Facts(
        [
            ("CID:", audited.Cid.ToString()),
            ("From:", Times.Utc(epoch.StartedAt)),
            ("To:", Times.Utc(epoch.EndedAt)),
            ("Records:", $"{epoch.FromSequence} to {epoch.ToSequence}"),
            ("Jobs:", $"{epoch.JobsCount}, proofs {epoch.ProofsCount}"),
            ("Volume:", $"{epoch.TotalVolumeUsdc} USDC: miners {epoch.Settlements.MinerPool}, operations {epoch.Settlements.HiveOps}"),
            ("Policy:", $"{epoch.Policy.Name} {epoch.Policy.Version}"),
        ]);
        if (epoch.PolicyReplaced)
        {
            terminal.Line("! The pool's own policy could not settle this epoch and was replaced by this one.", Tone.Warn, hang: 2);
        }

        foreach (var difference in audited.Differences)
        {
            terminal.Line($"✗ {difference}", Tone.Bad, hang: 2);
        }

        if (audited.Differences.Count == 0)
        {
            terminal.Line("✓ Signature, journal pages, proofs, roots and sums are right.", Tone.Good);
        }

        terminal.Line(
            audited.SplitChecked ? "  The split was recomputed by the policy." : "! The split was not recomputed: the policy's state before this epoch is not in its pages.",
            audited.SplitChecked ? Tone.Plain : Tone.Warn);
    }
}
