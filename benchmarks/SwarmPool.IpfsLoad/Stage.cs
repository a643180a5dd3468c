using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.IpfsNodes;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Plugins.Ipfs;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Keys;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.IpfsLoad;

/// <summary>A daemon, a miner and a client, as the framework composes them, each on a real node of its own; and two bare parties on the first two nodes.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Jobs that the miner runs at once.</summary>
    private const int SideBySide = 16;

    private static readonly EnsName Pool = EnsName.Parse("swarmpool.eth");
    private static readonly EnsName Miner = EnsName.Parse("miner.alice.eth");
    private static readonly EnsName Owner = EnsName.Parse("clinic.bob.eth");

    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-ipfs-load-").FullName;
    private readonly List<IpfsNode> nodes = [];
    private readonly List<IHost> hosts = [];
    private int sent;

    public AnnouncementRecorder Heard { get; } = new();

    public PoolClient Client { get; private set; } = null!;

    /// <summary>A party on the daemon's node that is nobody in the pool.</summary>
    public ITransport AtDaemon { get; private set; } = null!;

    /// <summary>A party on the miner's node that is nobody in the pool.</summary>
    public ITransport AtMiner { get; private set; } = null!;

    public static async Task<Stage> OpenAsync()
    {
        var stage = new Stage();
        stage.nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => IpfsNode.StartAsync())));
        var keys = new[] { Pool, Miner, Owner }.ToDictionary(name => name, _ => PrivateKeys.Generate());
        stage.WriteNames(keys);
        await stage.StartAsync(0, keys[Pool], builder =>
        {
            builder.UseEmbeddedJournal(o => o.Journal = "journal.db");
            builder.UseSettlement7525();
            builder.Services.AddSingleton<IDaemonObserver>(stage.Heard);
            builder.AddDaemon(o => (o.PoolEns, o.ClaimsPerMiner) = (Pool.Text, SideBySide));
        });
        await stage.StartAsync(1, keys[Miner], builder =>
        {
            builder.Fill<SwarmPool.Inference.IInferenceBackend>("an echo", _ => new EchoBackend());
            builder.AddMiner(o => (o.MinerEns, o.PoolEns, o.ParallelJobs) = (Miner.Text, Pool.Text, SideBySide));
        });
        var client = await stage.StartAsync(2, keys[Owner], builder => builder.AddClient(o => (o.ClientEns, o.PoolEns) = (Owner.Text, Pool.Text)));
        stage.Client = client.Services.GetRequiredService<PoolClient>();
        stage.AtDaemon = await stage.BareAsync(0);
        stage.AtMiner = await stage.BareAsync(1);
        await stage.Heard.MinerJoined.Task.WaitAsync(TimeSpan.FromMinutes(1));
        return stage;
    }

    /// <summary>Submits a job with an input of its own, and waits until it is done.</summary>
    public async Task RunJobAsync()
    {
        var number = Interlocked.Increment(ref sent);
        var job = await Client.SubmitAsync(new JobSpec { JobType = "echo", Model = EchoBackend.Model, Input = Encoding.UTF8.GetBytes($"input {number}"), Amount = Usdc.FromMicro(1000) });
        await job.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }

        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task<ITransport> BareAsync(int node) => (await StartAsync(node, PrivateKeys.Generate(), static builder => builder.Require<ITransport>("the bare party"))).Services.GetRequiredService<ITransport>();

    private async Task<IHost> StartAsync(int node, byte[] key, Action<SwarmPoolBuilder> compose)
    {
        var builder = SwarmPoolBuilder.Create(null, folder);
        builder.UseIpfs(o =>
        {
            o.Api = nodes[node].Api;
            for (var i = 0; i < node; i++)
            {
                o.Peers.Add(nodes[i].Address);
            }
        });
        builder.UseEmbeddedIdentity(o => o.Names = "names.json");
        builder.Services.AddSingleton<ISigner>(_ => new PrivateKeySigner(key, SignatureEngines.Best));
        compose(builder);
        var host = builder.Build();
        hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    private void WriteNames(Dictionary<EnsName, byte[]> keys)
    {
        var entries = keys.Select(pair =>
        {
            using var signer = new PrivateKeySigner([.. pair.Value], SignatureEngines.Best);
            return $$""" "{{pair.Key}}": { "accounts": ["{{signer.Address}}"] } """;
        });
        File.WriteAllText(Path.Combine(folder, "names.json"), $$"""{ "network": "local", "names": { {{string.Join(",", entries)}} } }""");
    }
}

/// <summary>When the daemon announced what.</summary>
internal sealed class AnnouncementRecorder : IDaemonObserver
{
    private readonly ConcurrentDictionary<Cid, long> announced = new();

    public TaskCompletionSource MinerJoined { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From a job's announcement to the accepted claim, in milliseconds, of each job.</summary>
    public ConcurrentQueue<double> Claims { get; } = new();

    public void Announced(string type, object item)
    {
        switch (item)
        {
            case JobNewItem job:
                announced[job.Cid] = Stopwatch.GetTimestamp();
                break;
            case ClaimAcceptedItem claim when announced.TryRemove(claim.JobCid, out var at):
                Claims.Enqueue(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                break;
            case MinerJoinedItem:
                MinerJoined.TrySetResult();
                break;
        }
    }
}
