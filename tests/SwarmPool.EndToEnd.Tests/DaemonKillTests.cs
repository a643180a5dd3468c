using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Keys;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Tools.Digits.Glyphs;
using SwarmPool.Transport;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>The daemon is killed in mid-run, again and again: no job is lost, none is paid twice.</summary>
public sealed class DaemonKillTests(ITestOutputHelper output)
{
    private const int Jobs = 100;
    private const int Kills = 5;

    [Fact]
    public async Task FiveKillsInAHundredJobsLoseNoneAndPayNoneTwice()
    {
        using var folder = await PoolFolder.InitAsync(("state_seconds", "1"), ("claim_timeout_seconds", "5"), ("cool_down_seconds", "0"), ("epoch_duration_seconds", "10"));
        var daemon = folder.Daemon();
        try
        {
            await daemon.SaysAsync(PoolFolder.Patience, "swarmpool.eth");
            await using var alice = folder.Miner("miner.alice.eth");
            await using var bob = folder.Miner("miner.bob.eth", "--mode", "PPS");
            using var client = await ConnectAsync(folder);
            var asking = AskAsync(client.Services.GetRequiredService<PoolClient>(), out var answered);
            for (var kill = 1; kill <= Kills; kill++)
            {
                // Spread over the run: each kill comes after another sixth of the answers.
                await WaitUntilAsync(() => answered() >= kill * Jobs / (Kills + 1) || asking.IsCompleted);
                await daemon.KillAsync();
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"kill {kill} after {answered()} answers"));
                await daemon.DisposeAsync();
                daemon = folder.Daemon();
                await daemon.SaysAsync(PoolFolder.Patience, "swarmpool.eth");
            }

            var results = await asking.WaitAsync(TimeSpan.FromSeconds(120));
            Assert.Equal(Jobs, results.Select(r => r.ProofCid).Distinct().Count());
            daemon.Interrupt();
            Assert.True(await daemon.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', daemon.Lines));
            await client.StopAsync();
        }
        finally
        {
            await daemon.DisposeAsync();
        }

        await EachPaidOnceAsync(folder);
    }

    private static async Task<IHost> ConnectAsync(PoolFolder folder)
    {
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().Build(), folder.Root);
        builder.UseEmbeddedTransport(o => o.Url = folder.Url);
        builder.UseEmbeddedIdentity();
        builder.Services.AddSingleton<ISigner>(_ => KeyLoader.Load(new SignerOptions { KeyFile = folder.Path("keys", "clinic.clientswarm.eth.key") }, "the test"));
        builder.AddClient(o => o.ClientEns = "clinic.clientswarm.eth");
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static Task<JobResult[]> AskAsync(PoolClient client, out Func<int> answered)
    {
        var done = 0;
        answered = () => Volatile.Read(ref done);
        return Task.WhenAll(Enumerable.Range(0, Jobs).Select(async i =>
        {
            await Task.Delay(i * 60); // A stream of jobs, so that each kill finds some at every stage.
            var job = await client.SubmitAsync(
                new JobSpec { JobType = "image-classification", Model = "digits-16", Input = DigitPictures.Png(i % 10, i), Amount = Usdc.FromMicro(1_000 + i) },
                CancellationToken.None);
            var result = await job.Completion;
            Interlocked.Increment(ref done);
            return result;
        }));
    }

    private static async Task EachPaidOnceAsync(PoolFolder folder)
    {
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().Build(), folder.Root);
        builder.UseEmbeddedJournal();
        builder.Require<IPoolJournal>("the test");
        using var host = builder.Build();
        var paid = new Dictionary<Cid, long>();
        await foreach (var stored in host.Services.GetRequiredService<IPoolJournal>().ReadAsync(1, CancellationToken.None))
        {
            foreach (var decided in RecordCodec.Decode(stored, withInput: false).Events.OfType<JobDecided>())
            {
                Assert.True(paid.TryAdd(decided.Cid, decided.Parts.Sum(part => part.Price.Micro)), $"{decided.Cid} was decided twice");
            }
        }

        Assert.Equal(Jobs, paid.Count);
        Assert.Equal(Enumerable.Range(0, Jobs).Sum(i => 1_000L + i), paid.Values.Sum());
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1200 && !condition(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(condition(), "the run came to a standstill");
    }
}
