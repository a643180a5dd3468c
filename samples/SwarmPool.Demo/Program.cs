using System.CommandLine;
using Spectre.Console;
using SwarmPool.Demo;
using SwarmPool.Files;

var json = new Option<bool>("--json") { Description = "Print one JSON document instead of a screen." };
var svg = new Option<string?>("--svg") { Description = "Write the screen as an SVG picture to this file." };
var output = new Option<string?>("--out") { Description = "Leave names.json, blocks/ and the journal in this new folder, for anyone to check." };
var command = new RootCommand("A whole pool in one process: twenty pictures and five sums, four racing miners, one death, one settlement.") { json, output, svg };
command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(json), parsed.GetValue(output), parsed.GetValue(svg), cancellationToken));
return await command.Parse(args).InvokeAsync();

static async Task<int> RunAsync(bool asJson, string? path, string? picture, CancellationToken cancellationToken)
{
    using var recorder = (asJson ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }) : AnsiConsole.Console).CreateRecorder();
    if (picture is not null)
    {
        (recorder.Profile.Width, recorder.Profile.Capabilities.Unicode) = (92, true); // The same picture whatever terminal it is made in.
    }

    var screen = new DemoScreen(recorder);
    using var folder = new DemoFolder(path);
    var result = await new DemoRun(folder, screen).RunAsync(cancellationToken);
    DemoEnding.Outcome(screen, result, path is null ? null : folder.Root);
    if (picture is not null)
    {
        OwnFile.Write(picture, recorder.Export(new SvgEncoder()));
    }

    DemoEnding.ByHand(screen);
    if (asJson)
    {
        Console.WriteLine(result.ToJson());
    }

    return result.IsRight ? 0 : 1;
}
