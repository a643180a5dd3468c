using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Packs;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Programs.Miner.Commands;

/// <summary><c>swarm-miner mine</c>: mines until it is told to stop.</summary>
internal static class MineCommand
{
    public static Command Create(ProgramContext context)
    {
        var ens = new Option<string?>("--ens") { Description = "Your miner's name, e.g. miner.alice.eth.", HelpName = "NAME" };
        var pool = CommonOptions.Pool();
        var mode = new Option<string?>("--mode") { Description = "How to be paid: SOLO (each own job) or PPS (shares of everybody's).", HelpName = "SOLO|PPS" };
        mode.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "SOLO", "PPS");
        var models = new Option<string?>("--models") { Description = "The models to offer, with commas; without it, all that the backend has.", HelpName = "NAMES" };
        var minPrice = new Option<string?>("--min-price") { Description = "The least that a job has to pay to be done here, in USDC, e.g. 0.01; without it, any.", HelpName = "USDC" };
        var takeOver = new Option<bool>("--take-over") { Description = "Takes the place of another program of this name, which ends; without it this one would." };
        var key = new KeyChoice("MINER_PRIVATE_KEY", "miner_");
        var config = CommonOptions.Config($"{MinerComposition.File} in the current folder, else a pool on this machine");
        var json = CommonOptions.Json("one event a line");
        var verbose = CommonOptions.Verbose();
        var command = new Command("mine", "Mines until Ctrl-C; then ends or gives back what it works on.") { ens, pool, mode, models, minPrice, takeOver, config, json, verbose };
        key.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var said = new Dictionary<string, string?>(key.Overrides(context, parsed));
            Overrides.Add(said, "miner_ens", parsed.GetValue(ens));
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            Overrides.Add(said, "mode", parsed.GetValue(mode));
            Overrides.Add(said, "models", parsed.GetValue(models));
            Overrides.Add(said, "min_price", parsed.GetValue(minPrice));
            Overrides.Add(said, "take_over", parsed.GetValue(takeOver) ? "true" : null);
            return await RunAsync(context, parsed.GetValue(config), said, parsed.GetValue(json), parsed.GetValue(verbose), stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ProgramContext context, string? config, IReadOnlyDictionary<string, string?> overrides, bool json, bool verbose, CancellationToken stop)
    {
        var builder = MinerComposition.Compose(context, config, overrides).LogToError(verbose);
        await using var printer = new Printer(count => context.Error.Line($"{count} events were not shown: the output is too slow.", Tone.Warn));
        if (json)
        {
            var events = new EventWriter(context.Out, printer, context.Time);
            builder.Services.AddSingleton<IMinerObserver>(new MinerEvents(events)).AddSingleton<IWaitObserver>(new WaitEvents(events));
        }
        else
        {
            builder.Services
                .AddSingleton<IMinerObserver>(new MinerScreen(context.Screen, new Story(context.Screen, printer, context.Time)))
                .AddSingleton<IWaitObserver>(WaitScreen.InStory(context.Screen, printer, context.Time));
        }

        builder.AddMiner();
        builder.Services.AddSingleton(new ModelFolder(ModelFolderOptions.Read(builder.Configuration, builder.BaseDirectory).Folder));
        var code = await builder.RunToEndAsync(stop);
        if (!json)
        {
            printer.Print(() => context.Screen.Line("Stopped in good order."));
        }

        return code;
    }
}
