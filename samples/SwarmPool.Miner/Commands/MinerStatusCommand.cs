using System.CommandLine;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Miner.Commands;

/// <summary><c>swarm-miner status</c>: what the pool has signed about itself and this miner. Needs no key.</summary>
internal static class MinerStatusCommand
{
    public static Command Create(ProgramContext context)
    {
        var ens = new Option<string?>("--ens") { Description = "The miner's name.", HelpName = "NAME" };
        var pool = CommonOptions.Pool();
        var config = CommonOptions.Config(MinerComposition.Fallback);
        var timeout = PublishedRun.Timeout();
        var json = CommonOptions.Json("the status");
        var verbose = CommonOptions.Verbose();
        var command = new Command("status", "Shows the pool, this miner's registration, and why there is no work.") { ens, pool, timeout, config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var said = new Dictionary<string, string?>();
            Overrides.Add(said, "miner_ens", parsed.GetValue(ens));
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            var builder = MinerComposition.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).AddPoolReader();
            var miner = MinerName.Given(builder.Configuration["miner_ens"]);
            return await PublishedRun.RunAsync(
                context,
                builder,
                parsed.GetValue(timeout),
                (reader, patience, ends) => MinerStatus.ReadAsync(reader, miner, patience, context.Time, ends),
                status =>
                {
                    if (parsed.GetValue(json))
                    {
                        context.Out.WriteLine(JsonText.Document(status));
                    }
                    else
                    {
                        MinerStatusScreen.Show(context.Screen, status, context.Time);
                    }
                },
                stop);
        });
        return command;
    }
}
