using System.Text.RegularExpressions;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Tests.Models;

/// <summary>docs/models.md shows what happens.</summary>
public sealed partial class ModelsDocumentTests : IDisposable
{
    private static readonly string Root = RootOf(AppContext.BaseDirectory);
    private static readonly string Document = File.ReadAllText(Path.Combine(Root, "docs", "models.md"));

    private readonly ModelsWorld models = new();

    private World World => models.World;

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task The_commands_work_and_give_the_CID_that_is_shown()
    {
        Copy(Path.Combine(Root, "models", "digits"), World.PathOf("models/digits"));
        var cid = ShownCid().Match(Document).Groups["cid"].Value;
        await RunAsync(Example("maker"), cid, "swarm-miner.json");
        Assert.Contains($"  {cid}\n", World.Screen, StringComparison.Ordinal);
        Assert.Equal(Json("manifest"), File.ReadAllText(World.PathOf($"blocks/{cid}")));
        await RunAsync(Example("elsewhere"), cid, "other.json");
        Assert.Empty(Directory.GetFileSystemEntries(World.PathOf("other")));
    }

    [Fact]
    public async Task The_description_is_one()
    {
        foreach (var file in new[] { "tokenizer.json", "template.jinja", "golden/sum.txt", "golden/sum.json", "weights.gguf" })
        {
            models.Put($"models/adder/{file}", file);
        }

        models.Put("models/adder/pack.json", Json("pack.json"));
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "add", "models/adder"));
        Assert.StartsWith("✓ adder-1: 5 files", World.Screen, StringComparison.Ordinal);
    }

    private async Task RunAsync(string lines, string cid, string config)
    {
        var commands = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var words = command.Split(' ').Select(word => word == "CID" ? cid : word).ToArray();
            Assert.Equal("swarm-miner", words[0]);
            Assert.True(await World.MinerAsync([.. words[1..], "--config", config]) == ExitCodes.Ok, $"{command}: {World.Error}");
        }
    }

    private static string Example(string name) => Block(name, "sh");

    private static string Json(string name) => Block(name, "json").TrimEnd('\n');

    private static string Block(string name, string language) =>
        Regex.Match(Document, $"<!-- example:{Regex.Escape(name)} -->\n```{language}\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Groups["text"] is { Success: true } text
            ? text.Value
            : throw new InvalidOperationException($"docs/models.md has no example {name}.");

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static string RootOf(string folder) => File.Exists(Path.Combine(folder, "global.json")) ? folder : RootOf(Path.GetDirectoryName(folder)!);

    [GeneratedRegex(@"^CID `(?<cid>b[a-z2-7]{58})`", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ShownCid();
}
