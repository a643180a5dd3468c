using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Packs;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Scheduling;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>A miner (alice) and a scripted pool on one network.</summary>
internal sealed class MinerStage : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly MinerStage? after;
    private Task running = Task.CompletedTask;

    public MinerStage(
        Action<MinerOptions>? configure = null, IInferenceBackend? backend = null, EnsName? key = null, ModelFolder? packs = null, string? work = null, MinerStage? after = null,
        TimeProvider? time = null)
    {
        this.after = after;
        Net = after?.Net ?? new MemoryNet();
        Cast = after?.Cast ?? new Cast();
        Pool = after?.Pool ?? new ScriptedPool(Net, Cast);
        Backend = backend as FakeBackend ?? new FakeBackend();
        var options = new MinerOptions { MinerEns = Cast.Alice.Text, DrainSeconds = 0 };
        configure?.Invoke(options);
        Miner = new Runtime.Miner.Miner(options, new MinerDependencies(
            new RoleDependencies(Net.Join(), Cast, Cast.SignerOf(key ?? Cast.Alice), SignatureEngines.Best, time ?? TimeProvider.System, SwarmPoolSchedulers.ThreadPool, NullLoggerFactory.Instance),
            backend ?? Backend,
            Witness,
            new PoolClock(time ?? TimeProvider.System),
            packs)
        {
            WorkFolder = work,
        });
    }

    public MemoryNet Net { get; }

    public Cast Cast { get; }

    public ScriptedPool Pool { get; }

    public FakeBackend Backend { get; }

    public RecordingMinerObserver Witness { get; } = new();

    public Runtime.Miner.Miner Miner { get; }

    /// <summary>Starts the miner and waits until the pool has taken it in.</summary>
    public async Task<MinerStage> StartAsync()
    {
        running = Miner.RunAsync(stop.Token);
        await Witness.ExpectAsync("registered");
        return this;
    }

    /// <summary>Stops the miner and waits for its end.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running.WaitAsync(Patience.Long);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.WaitAsync(Patience.Long);
        if (after is null) // Else the pool is the stage's before.
        {
            await Pool.DisposeAsync();
        }

        stop.Dispose();
    }
}
