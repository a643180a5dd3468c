using SwarmPool.Core.Auditing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Settlement;

namespace SwarmPool.Programs.Auditing;

/// <summary>What an audit found.</summary>
public static class AuditScreen
{
    /// <summary>Shows it.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="report">What was found.</param>
    /// <param name="from">Where the audit went on from; null: from the first epoch, or alone.</param>
    /// <param name="checkpoint">The file in which the next one finds where to go on; null: none.</param>
    public static void Show(Terminal terminal, EpochAuditReport report, AuditCheckpoint? from = null, string? checkpoint = null)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(report);
        var epoch = report.Snapshot;
        terminal.Line($"{epoch.EpochId} of {epoch.Pool}", Tone.Strong);
        terminal.Facts(
        [
            ("CID:", report.Cid.ToString()),
            ("From:", Times.Utc(epoch.StartedAt)),
            ("To:", Times.Utc(epoch.EndedAt)),
            ("Records:", $"{epoch.FromSequence} to {epoch.ToSequence}"),
            ("Jobs:", $"{epoch.JobsCount}, proofs {epoch.ProofsCount}"),
            ("Volume:", $"{epoch.TotalVolumeUsdc} USDC: miners {epoch.Settlements.MinerPool}, operations {epoch.Settlements.HiveOps}{PayeeLines.Sum(epoch.Settlements.Declared, ", others ")}{HeldLines.Checkers(epoch, ", checkers ")}"),
            .. HeldLines.Of(epoch),
            .. PayeeLines.Of(epoch.Settlements.Declared),
            ("Policy:", $"{epoch.Policy.Name} {epoch.Policy.Version}"),
            ("Audited:", $"{Counted.Of(report.Epochs, "epoch")}, {Counted.Of(report.Records, "record")}, {Counted.Of(report.Messages, "signed message")}"),
        ]);
        Differences(terminal, report);
        if (report.IsRight)
        {
            Right(terminal, report, from);
        }

        Names(terminal, report.Names);
        ToBeLookedAt(terminal, report);
        if (report.IsRight && checkpoint is not null)
        {
            terminal.Line($"  The next audit goes on from here by {checkpoint}.");
        }
    }

    private static void Differences(Terminal terminal, EpochAuditReport report)
    {
        foreach (var difference in report.Differences)
        {
            terminal.Line($"✗ {difference}", Tone.Bad, hang: 2);
        }

        if (report.DifferenceCount > report.Differences.Count)
        {
            terminal.Line($"  and {report.DifferenceCount - report.Differences.Count} more");
        }
    }

    private static void Right(Terminal terminal, EpochAuditReport report, AuditCheckpoint? from)
    {
        terminal.Line("✓ Every message was signed by the account that is recorded; pages, chain, roots and sums are right.", Tone.Good, hang: 2);
        if (report.DecidedAgain)
        {
            var since = from is null ? "since the pool's first" : $"since epoch-{from.Epoch}, where the last audit ended,";
            terminal.Line($"✓ The rules decide every record {since} again as it was decided.", Tone.Good, hang: 2);
        }
        else
        {
            terminal.Line("  Nothing was decided again: that takes the epochs before. Leave out --alone for it.", hang: 2);
        }

        if (report.SplitChecked)
        {
            var splits = report.Splits == 1 ? "it" : report.Splits == report.Epochs ? $"{report.Splits} epochs" : $"{report.Splits} epochs (of {report.Epochs} read)";
            terminal.Line($"✓ The policy settles {splits} again as published.", Tone.Good, hang: 2);
        }
    }

    private static void Names(Terminal terminal, NameReport names)
    {
        if (names.Same > 0)
        {
            terminal.Line($"✓ {Counted.Of(names.Same, "name")} of {names.Asked} still {(names.Same == 1 ? "has" : "have")} each account that signed for {(names.Same == 1 ? "it, and where it was" : "them, and where they were")} paid.", Tone.Good, hang: 2);
        }
    }

    // A line each, the money that hangs on it in a column, the most first.
    private static void ToBeLookedAt(Terminal terminal, EpochAuditReport report)
    {
        if (report.IsQuiet)
        {
            return;
        }

        List<(long Micro, string What)> lines =
        [
            .. report.Remarks.Concat(report.Names.Changed).OrderByDescending(static remark => remark.AtStakeMicroUsdc).Select(static remark => (remark.AtStakeMicroUsdc, remark.ToString())),
        ];
        if (report.Names.Unavailable > 0)
        {
            lines.Add((report.Names.UnavailableMicroUsdc, $"{Counted.Of(report.Names.Unavailable, "name")} can't be looked up now"));
        }

        var more = report.RemarkCount - report.Remarks.Count + report.Names.ChangeCount - report.Names.Changed.Count;
        var one = lines.Count + more == 1;
        terminal.Line($"! To be looked at, with the USDC that {(one ? "hang on it" : $"hang on each; {Amount(report.AtStakeMicroUsdc)} in all")}:", Tone.Warn, hang: 2);
        var money = Column([.. lines.Select(static line => Amount(line.Micro))]);
        for (var i = 0; i < lines.Count; i++)
        {
            terminal.Line($"  {money[i]}  {lines[i].What}", Tone.Warn, hang: money[i].Length + 4);
        }

        if (more > 0)
        {
            terminal.Line($"  {new string(' ', money[0].Length)}  and {more} more", hang: money[0].Length + 4);
        }
    }

    // Point under point.
    private static List<string> Column(List<string> amounts)
    {
        var split = amounts.ConvertAll(static amount => amount.Split('.'));
        var (whole, rest) = (split.Max(static part => part[0].Length), split.Max(static part => part.Length > 1 ? part[1].Length + 1 : 0));
        return split.ConvertAll(part => part[0].PadLeft(whole) + (part.Length > 1 ? "." + part[1] : "").PadRight(rest));
    }

    private static string Amount(long micro) => micro <= Usdc.MaxMicro ? Usdc.FromMicro(micro).ToString() : "over " + Usdc.FromMicro(Usdc.MaxMicro);
}
