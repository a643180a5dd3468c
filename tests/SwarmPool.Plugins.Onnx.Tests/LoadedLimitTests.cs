using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Inference;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.Testing.App;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>Jobs over ten models in a pool whose miner may have two of them loaded: 2,000 under SWARMPOOL_FULL=1, else 200.</summary>
public sealed class LoadedLimitTests(ITestOutputHelper output)
{
    private const int Models = 10;
    private const int Most = 2;

    // A session that is not freed has more than a megabyte, and nine of ten jobs load one.
    private const long MostGrowth = 64 << 20;

    private static readonly int Jobs = Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1" ? 2000 : 200;

    [Fact]
    public async Task Ten_models_take_the_memory_of_two()
    {
        using var models = new TempModels();
        for (var i = 0; i < Models; i++)
        {
            var name = $"digits-{i}";
            models.AddDigits(name, manifest => manifest["name"] = name);
        }

        var backend = Backends.Over(models.Folder);
        await using var pool = await TestPool.StartAsync(
            options =>
            {
                options.Backend = builder => builder.Fill<IInferenceBackend>("ONNX", _ => backend);
                options.ConfigureMiner = miner => miner.MaxLoadedModels = Most;
            },
            TestContext.Current.CancellationToken);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwarmPoolClient(new ConfigurationBuilder().AddInMemoryCollection([new("client_ens", "real.eth"), new("client_key_file", "none.key")]).Build());
        pool.ConfigureClient(builder.Services);
        using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        var client = app.Services.GetRequiredService<PoolClient>();

        var picture = DigitPictures.Png(2, 2);
        var (warm, answers) = (0L, new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < Jobs; i++)
        {
            var job = await client.SubmitAsync(
                new JobSpec { JobType = Backends.Classification, Model = $"digits-{i % Models}", Amount = Usdc.Parse("0.1"), Deadline = TimeSpan.FromMinutes(5), Input = picture },
                TestContext.Current.CancellationToken);
            answers.Add(Convert.ToHexString((await job.Completion).Output.Span));
            Assert.InRange((await backend.DescribeAsync(TestContext.Current.CancellationToken)).Models.Count(static model => model.IsWarm), 1, Most);
            if (i == Jobs / 4)
            {
                warm = Resident();
            }
        }

        var end = Resident();
        output.WriteLine($"{Jobs} jobs over {Models} models, {Most} loaded: {warm >> 20} MiB after a quarter, {end >> 20} MiB at the end.");
        Assert.Single(answers);
        Assert.True(end - warm < MostGrowth, $"It grew from {warm >> 20} to {end >> 20} MiB.");
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var own = Process.GetCurrentProcess();
        return own.WorkingSet64;
    }
}
