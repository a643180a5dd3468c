using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Daemon.Status;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Roles;
using SwarmPool.Settlement;
using SwarmPool.State;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool status</c>: where the pool stands by its journal, whether its daemon runs or not.</summary>
internal static class DaemonStatusCommand
{
    public static Command Create(ProgramContext context)
    {
        var config = CommonOptions.Config($"{DaemonComposition.File} in the current folder");
        var json = CommonOptions.Json("the status");
        var verbose = CommonOptions.Verbose();
        var command = new Command("status", "Shows where the pool stands, by its journal.") { config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var builder = DaemonComposition.Compose(context, parsed.GetValue(config)).LogToError(parsed.GetValue(verbose));
            builder.Require<IPoolJournal>("the status");
            builder.TellWaits(context);
            var status = await builder.WithServicesAsync(async services =>
            {
                // Nothing of the policy is asked: it may be what is wrong.
                var journal = services.GetRequiredService<IPoolJournal>();
                var policy = services.GetServices<SlotFilling>().FirstOrDefault(static slot => slot.Contract == typeof(ISettlementPolicy));
                var read = await services.GetRequiredService<Waits>().RunAsync(new Wait("the journal", journal.Location, null), () => PoolStatus.ReadAsync(journal, stop));
                return read with { Policy = policy is { } slot ? slot.Plugin ?? slot.FilledBy : null };
            });
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(status));
            }
            else
            {
                StatusScreen.Show(context.Screen, status, context.Time);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
