using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Errors;
using SwarmPool.State;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary>What commands have in common that list what the journal holds, beside a running daemon.</summary>
internal static class JournalList
{
    /// <summary>Completes a command: reads the list, and shows it.</summary>
    /// <param name="command">The command, with the options of its own.</param>
    /// <param name="context">The program's surroundings.</param>
    /// <param name="json">What <c>--json</c> writes, e.g. "the jobs".</param>
    /// <param name="read">Reads the list.</param>
    /// <param name="show">Shows it to people.</param>
    public static Command Of<T>(
        Command command, ProgramContext context, string json, Func<ParseResult, IPoolJournal, IProgress<long>, CancellationToken, Task<T>> read, Action<Terminal, T> show)
        where T : notnull
    {
        var config = CommonOptions.Config(DaemonComposition.Fallback);
        var asJson = CommonOptions.Json(json);
        var verbose = CommonOptions.Verbose();
        command.Add(config);
        command.Add(asJson);
        command.Add(verbose);
        command.SetAction(async (parsed, stop) =>
        {
            var builder = DaemonComposition.Compose(context, parsed.GetValue(config)).LogToError(parsed.GetValue(verbose));
            builder.Require<IPoolJournal>("the list");
            var progress = new SlowProgress<long>(context, static records => $"{Counted.Of(records, "record")} so far");
            var list = await builder.WithServicesAsync(services => read(parsed, services.GetRequiredService<IPoolJournal>(), progress, stop));
            if (parsed.GetValue(asJson))
            {
                context.Out.WriteLine(JsonText.Document(list));
            }
            else
            {
                show(context.Screen, list);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
