using System.CommandLine;
using Spectre.Console;
using SwarmPool.Demo;

var json = new Option<bool>("--json") { Description = "Print one JSON document instead of a screen." };
var output = new Option<string?>("--out") { Description = "Leave names.json, blocks/ and the journal in this new folder, for anyone to check." };
var command = new RootCommand("A whole pool in one process: twenty pictures, three racing miners, one death, one settlement.") { json, output };
command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(json), parsed.GetValue(output), cancellationToken));
return await command.Parse(args).InvokeAsync();

static async Task<int> RunAsync(bool asJson, string? path, CancellationToken cancellationToken)
{
    var screen = new DemoScreen(AnsiConsole.Console, silent: asJson);
    using var folder = new DemoFolder(path);
    var result = await new DemoRun(folder, screen).RunAsync(cancellationToken);
    if (asJson)
    {
        Console.WriteLine(result.ToJson());
    }
    else
    {
        DemoEnding.Show(screen, result, path is null ? null : folder.Root);
    }

    return result.IsRight ? 0 : 1;
}
