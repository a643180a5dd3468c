using SwarmPool.RedisServers;

namespace SwarmPool.Plugins.Redis.Tests.Cluster;

/// <summary>The cluster of all tests that need one: started once, used by one of them at a time, and left whole.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public const string Name = "cluster";

    // A dead primary is noticed in this time; a node that only waits for a processor is not to be taken for one.
    private static readonly string[] Settings = ["--cluster-node-timeout", "3000"];

    private RedisCluster? cluster;

    public RedisCluster Cluster => cluster!;

    public string Configuration => Cluster.Configuration;

    public async ValueTask InitializeAsync() => cluster = await RedisCluster.StartAsync(Settings);

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }
    }

    /// <summary>Takes a pool's journal away.</summary>
    public async Task ForgetAsync(string pool)
    {
        var at = await Cluster.PrimaryAsync($"{{{pool}}}");
        var keys = await at.AskAsync("--scan", "--pattern", $"{{{pool}}}:journal:*");
        foreach (var key in keys.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await at.AskAsync("del", key);
        }
    }
}

/// <summary>One test at a time.</summary>
[CollectionDefinition(ClusterFixture.Name)]
public sealed class OneCluster : ICollectionFixture<ClusterFixture>;
