using SwarmPool.Plugins.Redis.Tests.Journal;
using SwarmPool.Plugins.Redis.Tests.Transport;
using SwarmPool.State;
using SwarmPool.Testing.Journal;
using SwarmPool.Testing.Transport;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests.Cluster;

/// <summary>The journal's contract on a cluster, whose scripts may only touch keys of one slot.</summary>
[Collection(ClusterFixture.Name)]
public sealed class ClusterConformanceTests(ClusterFixture fixture) : JournalSuite, IAsyncLifetime
{
    protected override IPoolJournal Open() => Journals.At(fixture.Configuration, options => options.TimeoutSeconds = 25);

    // A cluster has one database, and the suite's journals are all of one pool.
    public async ValueTask InitializeAsync() => await fixture.ForgetAsync(Pool);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The transport's contract on a cluster.</summary>
[Collection(ClusterFixture.Name)]
public sealed class ClusterTransportTests(ClusterFixture fixture) : TransportSuite
{
    protected override ITransport Make() => Parties.At(fixture.Configuration);
}
