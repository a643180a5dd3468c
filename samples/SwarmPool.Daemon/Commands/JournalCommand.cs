using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Auditing;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Errors;
using SwarmPool.State;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool journal verify</c>: everything that was decided is decided again.</summary>
internal static class JournalCommand
{
    public static Command Create(ProgramContext context) => new("journal", "Looks into the journal.") { Verify(context) };

    private static Command Verify(ProgramContext context)
    {
        var config = CommonOptions.Config($"{DaemonComposition.File} in the current folder");
        var json = CommonOptions.Json("the result");
        var verbose = CommonOptions.Verbose();
        var command = new Command("verify", "Decides everything in the journal again, from its recorded inputs and facts, and compares.") { config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var builder = DaemonComposition.Compose(context, parsed.GetValue(config)).LogToError(parsed.GetValue(verbose));
            builder.Require<IPoolJournal>("the verification");
            var report = await builder.WithServicesAsync(services => JournalAudit.RunAsync(
                services.GetRequiredService<IPoolJournal>(), new SlowProgress<long>(context, static records => $"{Counted.Of(records, "record")} so far"), stop));
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(report));
            }
            else
            {
                Show(context.Screen, report);
            }

            return report.IsRight ? ExitCodes.Ok : ExitCodes.Journal;
        });
        return command;
    }

    private static void Show(Terminal terminal, AuditReport report)
    {
        terminal.Facts(
        [
            ("Records:", $"{report.Records}, {report.Messages} of them signed messages"),
            ("State:", report.StateHash),
        ]);
        foreach (var difference in report.Differences)
        {
            terminal.Line($"✗ {difference}", Tone.Bad, hang: 2);
        }

        if (report.IsRight)
        {
            terminal.Line("✓ The rules decide every record again as it was decided; chain and signatures are right.", Tone.Good);
        }
        else if (report.DifferenceCount > report.Differences.Count)
        {
            terminal.Line($"  and {report.DifferenceCount - report.Differences.Count} more differences");
        }
    }
}
