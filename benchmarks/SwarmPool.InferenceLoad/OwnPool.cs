using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Plugins;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.Testing.App;

namespace SwarmPool.InferenceLoad;

/// <summary>A pool in this process, as programs test theirs: daemon with the SQLite journal, one miner, one client, the in-process hub.</summary>
internal sealed class OwnPool : IAsyncDisposable
{
    private readonly TestPool pool;
    private readonly IHost app;
    private readonly PoolClient client;

    private OwnPool(TestPool pool, IHost app) => (this.pool, this.app, client) = (pool, app, app.Services.GetRequiredService<PoolClient>());

    public static async Task<OwnPool> StartAsync(int parallelJobs, Action<ISwarmPoolBuilder> backend)
    {
        var started = await TestPool.StartAsync(options => (options.Backend, options.ConfigureMiner) = (backend, miner => miner.ParallelJobs = parallelJobs));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSwarmPoolClient(new ConfigurationBuilder().AddInMemoryCollection([new("client_ens", "real.eth"), new("client_key_file", "none.key")]).Build());
        started.ConfigureClient(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new OwnPool(started, host);
    }

    /// <summary>Submits a job and waits for its output.</summary>
    public async Task<ReadOnlyMemory<byte>> RunAsync(string jobType, string model, ReadOnlyMemory<byte> input)
    {
        var job = await client.SubmitAsync(new JobSpec { JobType = jobType, Model = model, Input = input, Amount = Usdc.FromMicro(1000) });
        return (await job.Completion).Output;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        app.Dispose();
        await pool.DisposeAsync();
    }
}
