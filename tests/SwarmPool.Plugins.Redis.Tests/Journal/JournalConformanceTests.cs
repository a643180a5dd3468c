using StackExchange.Redis;
using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.Plugins.Redis.Tests.Journal;

/// <summary>The journal's contract on a server; a lease is lost by the server's clock.</summary>
public class JournalConformanceTests(Servers servers) : JournalSuite
{
    private readonly string configuration = servers.FreshDatabase();

    protected override IPoolJournal Open() => Journals.At(configuration);

    // As if the lease had run out: a minute is not waited for.
    protected override async ValueTask LoseLeaseAsync(IPoolJournal holder, JournalLease lease)
    {
        await using var server = await ConnectionMultiplexer.ConnectAsync(configuration);
        await server.GetDatabase().HashSetAsync("{swarmpool.eth}:journal:lease", "until", 1);
    }
}

/// <summary>The same on a cluster, whose scripts may only touch keys of one slot.</summary>
public sealed class ClusterConformanceTests(Servers servers) : JournalSuite, IAsyncLifetime
{
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    protected override IPoolJournal Open() => Journals.At(servers.Cluster);

    // A cluster has one database, and the suite's journals are all of one pool.
    public async ValueTask InitializeAsync()
    {
        await OneAtATime.WaitAsync();
        await using var server = await ConnectionMultiplexer.ConnectAsync(servers.Cluster);
        await foreach (var key in server.GetServers()[0].KeysAsync(pattern: "{swarmpool.eth}:journal:*"))
        {
            await server.GetDatabase().KeyDeleteAsync(key);
        }
    }

    public ValueTask DisposeAsync()
    {
        OneAtATime.Release();
        return ValueTask.CompletedTask;
    }
}
