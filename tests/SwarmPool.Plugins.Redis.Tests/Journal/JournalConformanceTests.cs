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
