using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Plugins.Ipfs.Tests.Support;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Reader;
using SwarmPool.Settlement;

namespace SwarmPool.Plugins.Ipfs.Tests.Pool;

/// <summary>A pool of its own on the shared nodes: names, keys, and whoever is started; roles as the framework composes them.</summary>
internal sealed class PoolNetwork : IAsyncDisposable
{
    private readonly Nodes nodes;
    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-ipfs-network-").FullName;
    private readonly List<IHost> hosts = [];
    private readonly Dictionary<EnsName, byte[]> keys;

    public PoolNetwork(Nodes nodes)
    {
        this.nodes = nodes;
        Pool = EnsName.Parse($"p{Guid.NewGuid():n}.eth");
        keys = new[] { Pool, Client }.ToDictionary(name => name, _ => PrivateKeys.Generate());
        var names = keys.Select(pair =>
        {
            using var signer = new PrivateKeySigner([.. pair.Value], SignatureEngines.Best);
            return $$""" "{{pair.Key}}": { "accounts": ["{{signer.Address}}"] } """;
        });
        File.WriteAllText(Path.Combine(folder, "names.json"), $$"""{ "network": "local", "names": { {{string.Join(",", names)}} } }""");
    }

    public EnsName Pool { get; }

    public static EnsName Client { get; } = EnsName.Parse("clinic.bob.eth");

    public Task<IHost> DaemonAsync() => StartAsync(0, Pool, isConnected: true, builder =>
    {
        builder.UseEmbeddedJournal(o => o.Journal = "journal.db");
        builder.UseSettlement7525();
        builder.AddDaemon(o => (o.PoolEns, o.StateSeconds) = (Pool.Text, 1));
    });

    public async Task<PoolClient> ClientAsync() => (await StartAsync(1, Client, isConnected: true, builder => builder.AddClient(
        o => (o.ClientEns, o.PoolEns) = (Client.Text, Pool.Text)))).Services.GetRequiredService<PoolClient>();

    /// <summary>A reader on the third node; it believes the first node's answers more than others' if it names it as its peer.</summary>
    public async Task<PoolReader> ReaderAsync(bool namesThePool) =>
        (await StartAsync(2, Client, namesThePool, builder => builder.AddPoolReader(Pool.Text))).Services.GetRequiredService<PoolReader>();

    public static Task<JobHandle> SubmitAsync(PoolClient client, int number) => client.SubmitAsync(new JobSpec
    {
        JobType = "echo",
        Model = "nobody-has-it",
        Input = BitConverter.GetBytes(number),
        Amount = Usdc.FromMicro(1000),
    });

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(hosts))
        {
            await host.StopAsync();
            host.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private async Task<IHost> StartAsync(int node, EnsName who, bool isConnected, Action<SwarmPoolBuilder> compose)
    {
        var builder = SwarmPoolBuilder.Create(null, folder);
        var options = nodes.Options(node);
        builder.UseIpfs(o =>
        {
            (o.Api, o.ConnectTimeoutSeconds, o.Ipns) = (options.Api, options.ConnectTimeoutSeconds, false);
            foreach (var peer in isConnected ? options.Peers.Take(1) : [])
            {
                o.Peers.Add(peer);
            }
        });
        builder.UseEmbeddedIdentity(o => o.Names = "names.json");
        builder.Services.AddSingleton<ISigner>(_ => new PrivateKeySigner([.. keys[who]], SignatureEngines.Best));
        compose(builder);
        var host = builder.Build();
        hosts.Add(host);
        await host.StartAsync();
        return host;
    }
}
