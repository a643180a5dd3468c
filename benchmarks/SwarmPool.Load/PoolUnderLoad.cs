using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Load.Wire;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Load;

/// <summary>The real daemon, composed as a program composes it, with a SQLite journal in a folder of its own, or another, and a network in memory.</summary>
internal sealed class PoolUnderLoad : IAsyncDisposable
{
    private readonly string folder;
    private readonly IHost host;

    private PoolUnderLoad(string folder, IHost host, MemoryNet net)
    {
        this.folder = folder;
        this.host = host;
        Net = net;
    }

    public MemoryNet Net { get; }

    /// <summary>Ends epochs.</summary>
    public DaemonControl Control => host.Services.GetRequiredService<DaemonControl>();

    /// <summary>The daemon's policy.</summary>
    public ISettlementPolicy Policy => host.Services.GetRequiredService<ISettlementPolicy>();

    public IngressCounters Counters => host.Services.GetRequiredService<IngressCounters>();

    public IPoolJournal Journal => host.Services.GetRequiredService<IPoolJournal>();

    /// <summary>Bytes of the SQLite journal's files.</summary>
    public long JournalBytes => Directory.EnumerateFiles(folder, "journal.db*").Sum(f => new FileInfo(f).Length);

    /// <summary>Composes and starts. Rates and caps are out of the way unless <paramref name="configure"/> puts them back.</summary>
    /// <param name="crowd">Who is known.</param>
    /// <param name="engine">What the daemon checks and signs with.</param>
    /// <param name="contentsKept">See <see cref="MemoryNet"/>.</param>
    /// <param name="configure">Sets the daemon's options last; may be null.</param>
    /// <param name="journal">Fills the journal's slot, and adds what else is wanted; null for SQLite.</param>
    public static async Task<PoolUnderLoad> StartAsync(
        Crowd crowd, ISignatureEngine engine, int contentsKept = int.MaxValue, Action<DaemonOptions>? configure = null, Action<SwarmPoolBuilder>? journal = null)
    {
        var path = Directory.CreateTempSubdirectory("swarmpool-load-").FullName;
        var net = new MemoryNet(contentsKept);
        var builder = SwarmPoolBuilder.Create(null, path);
        builder.Fill<ITransport>("load transport", _ => net.Join());
        builder.Fill<IIdentityProvider>("load names", _ => crowd);
        (journal ?? UseSqlite)(builder);
        builder.UseSettlement7525();
        builder.Services.AddSingleton(engine);
        builder.Services.AddSingleton<ISigner>(new BorrowedSigner(crowd.Signer(Crowd.Pool)));
        builder.AddDaemon(o =>
        {
            o.PoolEns = Crowd.Pool.Text;
            o.ClaimsPerMiner = 1000;
            o.MaxJobs = 10_000_000;
            o.JobsPerClient = 10_000_000;
            o.PeerRate = 1_000_000;
            o.NameRate = 1_000_000;
            configure?.Invoke(o);
        });
        var built = builder.Build();
        try
        {
            await built.StartAsync();
        }
        catch
        {
            built.Dispose();
            Directory.Delete(path, recursive: true);
            throw;
        }

        return new PoolUnderLoad(path, built, net);
    }

    /// <summary>What the daemon has refused, by code, as text.</summary>
    public string Refusals() => string.Join(", ", Counters.Refused.OrderBy(r => r.Key, StringComparer.Ordinal)
        .Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key}: {r.Value}")));

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static void UseSqlite(SwarmPoolBuilder builder) => builder.UseEmbeddedJournal(o => o.Journal = "journal.db");

    /// <summary>The container disposes what it is given; the keys are the crowd's.</summary>
    private sealed class BorrowedSigner(ISigner inner) : ISigner
    {
        public EthAddress Address => inner.Address;

        public ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) => inner.SignAsync(text, cancellationToken);
    }
}
