using System.Globalization;

namespace SwarmPool.RedisServers;

/// <summary>
/// A real cluster on loopback: three primaries that share the slots, each with a replica, made by <c>redis-cli --cluster create</c>.
/// </summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private const int Primaries = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly IReadOnlyList<RedisServer> nodes;

    private RedisCluster(IReadOnlyList<RedisServer> nodes) => this.nodes = nodes;

    /// <summary>Its nodes.</summary>
    public IReadOnlyList<RedisServer> Nodes => nodes;

    /// <summary>Some of its nodes, as StackExchange.Redis writes them.</summary>
    public string Configuration => string.Join(',', nodes.Take(Primaries).Select(static node => node.Configuration));

    /// <summary>Starts a cluster whose nodes keep what they acknowledge, and waits until all of them know of each other.</summary>
    /// <param name="settings">More settings of each node.</param>
    public static async Task<RedisCluster> StartAsync(params IReadOnlyList<string> settings)
    {
        string[] all = [.. RedisServer.Durable, "--repl-diskless-sync-delay", "0", "--cluster-allow-replica-migration", "no", "--cluster-replica-validity-factor", "0", .. settings];
        var cluster = new RedisCluster(await Task.WhenAll(Enumerable.Range(0, 2 * Primaries).Select(_ => RedisServer.StartNodeAsync(all))));
        try
        {
            await RedisCli.RunAsync(["--cluster", "create", .. cluster.nodes.Select(static node => node.Configuration), "--cluster-replicas", "1", "--cluster-yes"]);
            await cluster.UntilWholeAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The slot of a key.</summary>
    public async Task<int> SlotAsync(string key) => int.Parse(await Running().AskAsync("cluster", "keyslot", key), CultureInfo.InvariantCulture);

    /// <summary>The primary that has a key's slot, as a node that runs knows it.</summary>
    public async Task<RedisServer> PrimaryAsync(string key)
    {
        var slot = await SlotAsync(key);
        return At((await ViewAsync(Running())).Single(node => node.IsPrimary && node.Holds(slot)));
    }

    /// <summary>The replica of a primary.</summary>
    public async Task<RedisServer> ReplicaAsync(RedisServer primary)
    {
        ArgumentNullException.ThrowIfNull(primary);
        var view = await ViewAsync(primary);
        return At(view.Single(node => node.PrimaryId == view.Single(static one => one.IsMyself).Id));
    }

    /// <summary>Waits until every node runs, sees all slots served, and every replica has its primary's data.</summary>
    public Task UntilWholeAsync() => UntilAsync(async () =>
    {
        foreach (var node in nodes)
        {
            if (!(await node.AskAsync("cluster", "info")).Contains("cluster_state:ok", StringComparison.Ordinal)
                || (await ViewAsync(node)) is var view && (view.Count != nodes.Count || view.Any(static one => one.IsFailing) || view.Count(static one => one.IsPrimary) != Primaries)
                || (await node.AskAsync("info", "replication")).Contains("master_link_status:down", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    });

    /// <summary>Starts again what does not run, and waits until the cluster is whole.</summary>
    public async Task MendAsync()
    {
        foreach (var dead in nodes.Where(static node => node.ProcessId == 0))
        {
            await dead.StartAgainAsync();
        }

        await UntilWholeAsync();
    }

    /// <summary>Waits until a node is a primary.</summary>
    public static Task UntilPrimaryAsync(RedisServer node) => UntilAsync(async () => (await node.AskAsync("role")).StartsWith("master", StringComparison.Ordinal));

    /// <summary>Moves a slot key by key, as <c>redis-cli --cluster reshard</c> does.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="from">The primary that has it.</param>
    /// <param name="to">Another primary.</param>
    /// <param name="halfWay">Runs when half of the keys have been moved.</param>
    public async Task MoveSlotAsync(int slot, RedisServer from, RedisServer to, Func<Task> halfWay)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(halfWay);
        var number = slot.ToString(CultureInfo.InvariantCulture);
        var (source, target) = (await from.AskAsync("cluster", "myid"), await to.AskAsync("cluster", "myid"));
        await to.AskAsync("cluster", "setslot", number, "importing", source);
        await from.AskAsync("cluster", "setslot", number, "migrating", target);
        var keys = (await from.AskAsync("cluster", "getkeysinslot", number, "1000")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < keys.Length; i++)
        {
            if (i == keys.Length / 2)
            {
                await halfWay();
            }

            await from.AskAsync("migrate", "127.0.0.1", to.Port.ToString(CultureInfo.InvariantCulture), keys[i], "0", "60000");
        }

        await to.AskAsync("cluster", "setslot", number, "node", target);
        await from.AskAsync("cluster", "setslot", number, "node", target);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(nodes.Select(static node => node.DisposeAsync().AsTask()));

    private RedisServer Running() => nodes.First(static node => node.ProcessId != 0);

    private RedisServer At(NodeLine node) => nodes.Single(one => one.Port == node.Port);

    private static async Task<IReadOnlyList<NodeLine>> ViewAsync(RedisServer of) => [.. (await of.AskAsync("cluster", "nodes")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(NodeLine.Parse)];

    private static async Task UntilAsync(Func<Task<bool>> so)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await so())
        {
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>A line of CLUSTER NODES.</summary>
    private sealed record NodeLine(string Id, int Port, IReadOnlyList<string> Flags, string PrimaryId, IReadOnlyList<(int First, int Last)> Slots)
    {
        private const int FirstSlot = 8;

        public bool IsMyself => Flags.Contains("myself");

        public bool IsPrimary => Flags.Contains("master");

        public bool IsFailing => Flags.Any(static flag => flag.StartsWith("fail", StringComparison.Ordinal) || flag is "handshake" or "noaddr");

        public static NodeLine Parse(string line)
        {
            var parts = line.Split(' ');
            var address = parts[1].Split('@')[0];
            return new(
                parts[0],
                int.Parse(address.AsSpan(address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture),
                parts[2].Split(','),
                parts[3],
                [.. parts.Skip(FirstSlot).Where(static slots => slots.Length > 0 && slots[0] != '[').Select(static slots => slots.Split('-')).Select(static ends => (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture)))]);
        }

        public bool Holds(int slot) => Slots.Any(range => range.First <= slot && slot <= range.Last);
    }
}
