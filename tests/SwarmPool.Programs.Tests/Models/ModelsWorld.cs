using System.Text.Json;
using SwarmPool.Programs.Tests.Support;

namespace SwarmPool.Programs.Tests.Models;

/// <summary>A maker's machine and another one, which share a store of contents.</summary>
internal sealed class ModelsWorld : IDisposable
{
    public ModelsWorld()
    {
        World.Write("swarm-miner.json", Configuration("models"));
        World.Write("other.json", Configuration("other"));
    }

    public World World { get; } = new(width: 1000);

    /// <summary>Puts a file into a folder of models.</summary>
    public void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(World.PathOf(path))!);
        World.Write(path, text);
    }

    /// <summary>The events of a kind that were written to standard output.</summary>
    public IReadOnlyList<JsonElement> Events(string name) =>
    [
        .. World.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("event", out var named) && named.GetString() == name),
    ];

    public void Dispose() => World.Dispose();

    private static string Configuration(string models) =>
        $$"""{"models_folder":"{{models}}","plugins":{"use":{"SwarmPool.Plugins.Embedded":{"transport":"hub"} } } }""";
}
