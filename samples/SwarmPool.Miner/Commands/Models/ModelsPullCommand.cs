using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Miner.Commands.Models;

/// <summary><c>swarm-miner models pull</c>: a pack by its CID.</summary>
internal static class ModelsPullCommand
{
    public static Command Create(ProgramContext context)
    {
        var cid = new Argument<string>("CID") { Description = "The pack's CID, as 'models add' printed it or the pool publishes it." };
        var config = CommonOptions.Config(ModelsCommand.Fallback);
        var json = CommonOptions.Json("one event a line");
        var verbose = CommonOptions.Verbose();
        var command = new Command("pull", "Fetches a pack into the models folder, every byte checked, and runs its golden vectors where a backend is configured. Begun again, it goes on where it was stopped.") { cid, config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var typed = parsed.GetRequiredValue(cid);
            var pack = Cid.TryParse(typed, out var named) ? named : throw new SwarmPoolException(
                ErrorCodes.BadField, $"'{typed}' is not a pack's CID (CIDv1, base32), as 'swarm-miner models add' prints it.");
            var builder = ModelsCommand.Compose(context, parsed.GetValue(config), parsed.GetValue(verbose));
            builder.Require<ITransport>("the command");
            var options = ModelFolderOptions.Read(builder.Configuration, builder.BaseDirectory);
            await using var screen = new PackScreen(context, "fetching", parsed.GetValue(json));
            return await builder.WithHostAsync(
                async (services, ends) =>
                {
                    var transfer = new ModelPackTransfer(services.GetRequiredService<ITransport>().Content, new ModelFolder(options.Folder), context.Time);
                    var local = await screen.RunAsync(progress => transfer.PullAsync(pack, options.DiskLimit, progress, ends));
                    screen.Pulled(local);
                    return await PackVectors.RunAsync(services, local, screen, context.Time, ends) is { } wrong ? ExitCodes.ForCode(wrong.Code) : ExitCodes.Ok;
                },
                stop);
        });
        return command;
    }
}
