using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Reader;

namespace SwarmPool.Programs.Miner.Commands;

/// <summary><c>swarm-miner status</c>: what the pool has signed about itself and this miner. Needs no key.</summary>
internal static class MinerStatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create(ProgramContext context)
    {
        var ens = new Option<string?>("--ens") { Description = "The miner's name.", HelpName = "NAME" };
        var pool = CommonOptions.Pool();
        var config = CommonOptions.Config(MinerComposition.Fallback);
        var json = CommonOptions.Json("the status");
        var verbose = CommonOptions.Verbose();
        var command = new Command("status", "Shows the pool, this miner's registration, and why there is no work.") { ens, pool, config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var said = new Dictionary<string, string?>();
            Overrides.Add(said, "miner_ens", parsed.GetValue(ens));
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            var builder = MinerComposition.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).AddPoolReader();
            var miner = MinerName.Given(builder.Configuration["miner_ens"]);
            var status = await builder.WithHostAsync(
                (services, ends) => MinerStatus.ReadAsync(services.GetRequiredService<PoolReader>(), miner, Patience, context.Time, ends), stop);
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(status));
            }
            else
            {
                MinerStatusScreen.Show(context.Screen, status, context.Time);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
