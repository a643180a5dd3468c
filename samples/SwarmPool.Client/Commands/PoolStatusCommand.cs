using System.CommandLine;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Client.Commands;

/// <summary><c>swarm-client status</c>: what the pool has signed about itself. Needs no key.</summary>
internal static class PoolStatusCommand
{
    public static Command Create(ProgramContext context)
    {
        var pool = CommonOptions.Pool();
        var config = CommonOptions.Config($"{ClientComposition.File} in the current folder, else a pool on this machine");
        var timeout = PublishedRun.Timeout();
        var json = CommonOptions.Json("the status");
        var verbose = CommonOptions.Verbose();
        var command = new Command("status", "Shows the pool's signed state.") { pool, timeout, config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var said = new Dictionary<string, string?>();
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            var builder = ClientComposition.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).AddPoolReader();
            return await PublishedRun.RunAsync(
                context,
                builder,
                parsed.GetValue(timeout),
                static (reader, patience, ends) => reader.ReadAsync(patience, ends),
                view =>
                {
                    if (parsed.GetValue(json))
                    {
                        context.Out.WriteLine(JsonText.Document(view));
                    }
                    else
                    {
                        PoolScreen.Show(context.Screen, view, context.Time);
                    }
                },
                stop);
        });
        return command;
    }
}
