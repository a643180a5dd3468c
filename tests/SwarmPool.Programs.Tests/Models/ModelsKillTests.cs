using System.Diagnostics;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Tests.Models;

/// <summary>A pull that is killed in the middle leaves what is right of it to the next.</summary>
public sealed class ModelsKillTests : IDisposable
{
    private const long Bytes = 400L << 20;
    private const long Early = 20L << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ModelsWorld models = new();

    private World World => models.World;

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task A_pull_that_is_killed_goes_on_where_it_was()
    {
        models.Put("elsewhere/adder/pack.json", "{}");
        using (var file = File.Create(World.PathOf("elsewhere/adder/weights.bin")))
        {
            file.SetLength(Bytes); // A hole: one content in the store, and all of the file to be written and checked.
        }

        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "add", "elsewhere/adder"));
        var cid = World.Screen.Split('\n')[1].Trim();
        var partial = World.PathOf($"other.packs/{cid}.partial/weights.bin");
        using (var pull = Start("models", "pull", cid, "--config", "other.json"))
        {
            await UntilAsync(() => pull.HasExited || (File.Exists(partial) && new FileInfo(partial).Length > Early));
            pull.Kill();
            await pull.WaitForExitAsync().WaitAsync(Patience);
            Assert.NotEqual(ExitCodes.Ok, pull.ExitCode);
        }

        var left = new FileInfo(partial).Length;
        Assert.InRange(left, Early, Bytes - 1);
        Assert.False(Directory.Exists(World.PathOf("other")));
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "pull", cid, "--json", "--config", "other.json"));
        var found = models.Events("progress")[^1].GetProperty("found_bytes").GetInt64();
        Assert.InRange(found, Early - (1 << 20), left);
        Assert.Equal(ExitCodes.Ok, await World.MinerAsync("models", "verify", "--json", "--config", "other.json"));
        Assert.Equal([World.PathOf($"other.packs/{cid}.json")], Directory.GetFileSystemEntries(World.PathOf("other.packs")));
    }

    private Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "swarm-miner.dll"), .. args])
    {
        WorkingDirectory = World.Folder,
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }
}
