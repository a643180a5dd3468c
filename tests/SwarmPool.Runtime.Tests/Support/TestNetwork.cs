using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Core.Auditing;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Tests.Plugins;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>
/// A folder with names, blocks and a journal, a hub to talk on, and those who talk: what stays while daemons come and go.
/// </summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string hub = Guid.NewGuid().ToString("N");
    private readonly List<IHost> hosts = [];
    private IHost people = null!;

    public static async Task<TestNetwork> OpenAsync()
    {
        var town = new TestNetwork();
        await File.WriteAllTextAsync(town.folder.Combine("names.json"), Names());
        var builder = SwarmPoolBuilder.Create(null, town.folder.Path);
        builder.UseEmbeddedTransport(town.Configure);
        town.people = builder.Build();
        town.Transport = town.people.Services.GetRequiredService<ITransport>();
        await town.Transport.StartAsync(CancellationToken.None);
        town.MessageRecorder = await MessageRecorder.OpenAsync(town.Transport);
        await town.PutAsync("an input"); // That of every job of Messages: the pool wants to see it.
        return town;
    }

    public ITransport Transport { get; private set; } = null!;

    public MessageRecorder MessageRecorder { get; private set; } = null!;

    public Messages Messages { get; } = new(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    public string JournalPath => folder.Combine("journal.db");

    public string Path => folder.Path;

    /// <summary>Composes a daemon on this town's journal.</summary>
    public IHost Compose(
        Action<DaemonOptions>? configure = null, Func<IPoolJournal, IPoolJournal>? journal = null, Func<ITransport, ITransport>? transport = null,
        ISettlementPolicy? policy = null, IDaemonObserver? observer = null, IProofVerifier? verifier = null, TimeProvider? clock = null)
    {
        var builder = SwarmPoolBuilder.Create(null, folder.Path);
        var party = new PartyBuilder(builder).Wrap(journal).Wrap(transport);
        party.UseEmbeddedTransport(Configure);
        party.UseEmbeddedIdentity(o => o.Names = "names.json");
        party.UseEmbeddedJournal(o => o.Journal = "journal.db");
        if (policy is null)
        {
            party.UseSettlement7525();
        }
        else
        {
            party.Fill("test policy", _ => policy);
        }

        builder.Services.AddSingleton<ISigner>(new BorrowedSigner(TestKeys.Of(Messages.Pool)));
        if (verifier is not null)
        {
            party.Fill("test verifier", _ => verifier);
        }

        if (clock is not null)
        {
            builder.Services.AddSingleton(clock);
        }

        if (observer is not null)
        {
            builder.Services.AddSingleton(observer);
        }

        builder.AddDaemon(o =>
        {
            o.StateSeconds = 1;
            o.FetchSeconds = 2;
            o.CoolDownSeconds = 0;
            o.MinJobAmount = "0.000001";
            configure?.Invoke(o);
        });
        var host = builder.Build();
        hosts.Add(host);
        return host;
    }

    /// <summary>Composes and starts a daemon.</summary>
    public async Task<IHost> StartAsync(
        Action<DaemonOptions>? configure = null, Func<IPoolJournal, IPoolJournal>? journal = null, Func<ITransport, ITransport>? transport = null,
        ISettlementPolicy? policy = null, IDaemonObserver? observer = null, IProofVerifier? verifier = null, TimeProvider? clock = null)
    {
        var host = Compose(configure, journal, transport, policy, observer, verifier, clock);
        await host.StartAsync();
        return host;
    }

    /// <summary>Starts a miner as a host would, with a work folder below the town's.</summary>
    public async Task<IHost> StartMinerAsync(int number, IInferenceBackend backend, IMinerObserver? observer = null)
    {
        var builder = SwarmPoolBuilder.Create(null, folder.Path);
        var party = new PartyBuilder(builder);
        party.UseEmbeddedTransport(Configure);
        party.UseEmbeddedIdentity(o => o.Names = "names.json");
        party.Fill("test backend", _ => backend);
        builder.Services.AddSingleton<ISigner>(new BorrowedSigner(TestKeys.Of(Messages.Miner(number))));
        if (observer is not null)
        {
            builder.Services.AddSingleton(observer);
        }

        builder.AddMiner(o => (o.MinerEns, o.DrainSeconds) = (Messages.Miner(number).Text, 0));
        var host = builder.Build();
        hosts.Add(host);
        await host.StartAsync();
        await MessageRecorder.ItemAsync<MinerJoinedItem>(i => i.Miner == Messages.Miner(number));
        return host;
    }

    public async Task<SignedSnapshot> SendAsync(Snapshot body)
    {
        var signed = await SignAsync(body);
        await SendAsync(signed);
        return signed;
    }

    public static async Task<SignedSnapshot> SignAsync(Snapshot body, EnsName? by = null) =>
        await SnapshotCodec.SignAsync(body, TestKeys.Of(by ?? body.Signer), CancellationToken.None);

    public async Task SendAsync(SignedSnapshot signed) => await SendAsync(Topics.Inbound(signed.Body.Type), signed.Bytes);

    public async Task SendAsync(string topic, ReadOnlyMemory<byte> bytes) =>
        await Transport.PubSub.PublishAsync(Topics.Of(Messages.Pool, topic), bytes, CancellationToken.None);

    public async Task<Cid> PutAsync(string content) => await Transport.Content.PutAsync(Encoding.UTF8.GetBytes(content), CancellationToken.None);

    /// <summary>Registers a miner and waits until it has joined.</summary>
    public async Task<EnsName> JoinAsync(int number, MiningMode mode = MiningMode.PPS)
    {
        var miner = Messages.Miner(number);
        await SendAsync(Messages.Registration(miner, mode));
        await MessageRecorder.ItemAsync<MinerJoinedItem>(i => i.Miner == miner);
        return miner;
    }

    /// <summary>Submits a job and waits until it is announced.</summary>
    public async Task<Cid> SubmitAsync(string amount = "1", int? replicas = null, long? deadline = null)
    {
        var job = await SendAsync(Messages.Job(amount, deadline, replicas));
        await MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid);
        return job.Cid;
    }

    /// <summary>Claims a job and waits for the claim.</summary>
    public async Task<ClaimAcceptedItem> ClaimAsync(Cid job, EnsName miner, int attempt = 1)
    {
        await SendAsync(Messages.Claim(job, miner, attempt));
        return await MessageRecorder.ItemAsync<ClaimAcceptedItem>(i => i.JobCid == job && i.Miner == miner && i.Attempt == attempt);
    }

    /// <summary>Delivers a proof with an output that is available, and waits until it is accepted.</summary>
    public async Task<ProofAcceptedItem> ProveAsync(ClaimAcceptedItem claim, string output = "the output")
    {
        var proof = await SendAsync(Messages.Proof(claim.JobCid, claim.Miner, claim.Fence, await PutAsync(output), claim.Attempt));
        return await MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.ProofCid == proof.Cid);
    }

    /// <summary>Every record in the journal, decided again, must give what it holds.</summary>
    public async Task<AuditReport> AuditAsync()
    {
        var journal = Compose().Services.GetRequiredService<IPoolJournal>();
        var report = await JournalAudit.RunAsync(journal);
        Assert.True(report.IsRight, string.Join("\n", report.Differences));
        return report;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            host.Dispose();
        }

        await MessageRecorder.DisposeAsync();
        people.Dispose();
        folder.Dispose();
    }

    private void Configure(EmbeddedTransportOptions options)
    {
        options.Transport = EmbeddedTransportKind.Hub;
        options.Hub = hub;
        options.Blocks = "blocks";
        options.FetchWaitSeconds = 1;
    }

    private static string Names()
    {
        var names = Enumerable.Range(0, 10).Select(Messages.Miner).Append(Messages.Pool).Append(Messages.Client);
        var entries = names.Select(n => $$""" "{{n}}": { "accounts": ["{{TestKeys.Of(n).Address}}"] } """);
        return $$"""{ "network": "local", "names": { {{string.Join(",", entries)}} } }""";
    }

    /// <summary>The container disposes what it is given; the keys are everyone's.</summary>
    private sealed class BorrowedSigner(ISigner inner) : ISigner
    {
        public EthAddress Address => inner.Address;

        public ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) => inner.SignAsync(text, cancellationToken);
    }
}
