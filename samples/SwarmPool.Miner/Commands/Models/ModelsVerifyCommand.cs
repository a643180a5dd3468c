using System.CommandLine;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Programs.Miner.Commands.Models;

/// <summary><c>swarm-miner models verify</c>: are the files here what their packs say?</summary>
internal static class ModelsVerifyCommand
{
    public static Command Create(ProgramContext context)
    {
        var names = new Argument<string[]>("MODEL") { Description = "Names or CIDs; none: all.", Arity = ArgumentArity.ZeroOrMore };
        var config = CommonOptions.Config(ModelsCommand.Fallback);
        var json = CommonOptions.Json("one event a line");
        var verbose = CommonOptions.Verbose();
        var command = new Command("verify", "Hashes every file of the packs here, runs their golden vectors where a backend is configured, and names what differs; ends with 4 when something does.") { names, config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var folder = ModelsCommand.Folder(context, parsed.GetValue(config));
            var typed = parsed.GetValue(names) ?? [];
            IReadOnlyList<LocalPack> chosen = typed.Length > 0 ? [.. typed.Select(folder.Find)] : folder.List();
            await using var screen = new PackScreen(context, "hashing", parsed.GetValue(json));
            var right = new List<LocalPack>();
            foreach (var local in chosen)
            {
                var differences = await screen.RunAsync(progress => local.VerifyAsync(progress, stop));
                screen.Verified(local, differences);
                if (differences.Count == 0)
                {
                    right.Add(local);
                }
            }

            var wrong = await RunVectorsAsync(context, parsed.GetValue(config), parsed.GetValue(verbose), right, screen, stop);

            if (chosen.Count == 0)
            {
                screen.Nothing(folder);
            }

            return right.Count < chosen.Count ? ExitCodes.ForCode(ErrorCodes.PackFileDiffers) : wrong is null ? ExitCodes.Ok : ExitCodes.ForCode(wrong.Code);
        });
        return command;
    }

    // Plugins are loaded only when there is something to run.
    private static async Task<Refusal?> RunVectorsAsync(ProgramContext context, string? config, bool verbose, IReadOnlyList<LocalPack> packs, PackScreen screen, CancellationToken stop)
    {
        List<LocalPack> some = [.. packs.Where(static local => local.Pack.GoldenVectors.Count > 0)];
        return some.Count == 0 ? null : await ModelsCommand.Compose(context, config, verbose).WithServicesAsync(async services =>
        {
            Refusal? wrong = null;
            foreach (var local in some)
            {
                wrong = await PackVectors.RunAsync(services, local, screen, context.Time, stop) ?? wrong;
            }

            return wrong;
        });
    }
}
