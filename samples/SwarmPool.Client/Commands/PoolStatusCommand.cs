using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Reader;

namespace SwarmPool.Programs.Client.Commands;

/// <summary><c>swarm-client status</c>: what the pool has signed about itself. Needs no key.</summary>
internal static class PoolStatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create(ProgramContext context)
    {
        var pool = CommonOptions.Pool();
        var config = CommonOptions.Config($"{ClientComposition.File} in the current folder, else a pool on this machine");
        var json = CommonOptions.Json("the status");
        var verbose = CommonOptions.Verbose();
        var command = new Command("status", "Shows the pool's signed state.") { pool, config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var said = new Dictionary<string, string?>();
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            var builder = ClientComposition.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).AddPoolReader();
            var view = await builder.WithHostAsync(
                async (services, ends) =>
                {
                    var reader = services.GetRequiredService<PoolReader>();
                    var read = await reader.ReadAsync(Patience, ends);
                    NameProblems.Show(context, reader.NameProblems);
                    return read;
                },
                stop);
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(view));
            }
            else
            {
                PoolScreen.Show(context.Screen, view, context.Time);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
