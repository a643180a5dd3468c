using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Tests.Plugins;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Hosting;

/// <summary>A pool, a miner and a client, each a host from its configuration, and no host holds the key of its name.</summary>
public sealed class SessionKeyHostTests : IAsyncDisposable
{
    private const string Vault = "0x00000000000000000000000000000000000000aa";

    private static readonly EnsName Miner = EnsName.Parse("miner.alice.eth");
    private static readonly EnsName[] Names = [Messages.Pool, Messages.Client, Miner];

    private readonly TemporaryFolder folder = new();
    private readonly List<IHost> hosts = [];

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    [Fact]
    public async Task All_three_work_by_session_keys_and_the_miner_is_paid_at_its_names_address()
    {
        await WriteNamesAsync();
        var pool = await DelegateAsync(Messages.Pool, DelegationRoles.Pool);
        var (daemon, miner, client) = (await DaemonAsync("pool.json"), await MinerAsync(), await ClientAsync("5"));

        var job = await client.Services.GetRequiredService<PoolClient>().SubmitAsync(ClientStage.Spec, TestContext.Current.CancellationToken);
        var result = await job.Completion.WaitAsync(Patience.Long, TestContext.Current.CancellationToken);
        Assert.Equal(Miner, result.Miner);
        await daemon.Services.GetRequiredService<DaemonControl>().EndEpochAsync(CancellationToken.None);
        var view = await SealedAsync(client);
        await client.StopAsync();
        await miner.StopAsync();
        await daemon.StopAsync();

        // A stranger: nothing but contents and names.
        Assert.Equal(pool.Delegation.Cid, view.State.Delegation);
        var published = new PoolAuditor(
            daemon.Services.GetRequiredService<ITransport>().Content, daemon.Services.GetRequiredService<IIdentityProvider>(), TimeProvider.System)
        {
            Policy = daemon.Services.GetRequiredService<ISettlementPolicy>(),
        };
        var sealed_ = await published.FetchAsync(view.State.LastEpoch!.Value, TestContext.Current.CancellationToken);
        var epoch = await published.AuditHistoryAsync(sealed_, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(epoch.Differences);
        Assert.True(epoch.SplitChecked);
        Assert.Equal((epoch.Names.Asked, 0), (epoch.Names.Same, epoch.Names.Changed.Count));
        var report = await JournalAudit.RunAsync(daemon.Services.GetRequiredService<IPoolJournal>(), null, TestContext.Current.CancellationToken);
        Assert.True(report.IsRight, string.Join('\n', report.Differences));
        var paid = await PayoutsAsync(daemon, epoch.Snapshot);
        Assert.Equal((Miner, EthAddress.Parse(Vault)), (paid.Miner, paid.Address));
    }

    /// <summary>The operator takes the pool's session key back: miners and clients stop believing it, and the daemon ends with a named error.</summary>
    [Fact]
    public async Task A_daemon_whose_delegation_was_taken_back_stops_and_does_not_start_again_by_it()
    {
        await WriteNamesAsync();
        var pool = await DelegateAsync(Messages.Pool, DelegationRoles.Pool);
        var daemon = await DaemonAsync("pool.json");
        var revocation = await SnapshotCodec.SignAsync(pool.Revocation(Now), TestKeys.Of(Messages.Pool), TestContext.Current.CancellationToken);
        await daemon.Services.GetRequiredService<ITransport>().PubSub.PublishAsync(Topics.Of(Messages.Pool, Topics.Revocations), revocation.Bytes, CancellationToken.None);
        await StoppedAsync(daemon);
        await StoppedAsync(await DaemonAsync("pool.json"));

        // With another key the pool goes on.
        await DelegateAsync(Messages.Pool, DelegationRoles.Pool, file: "next.json");
        var next = await DaemonAsync("next.json");
        await next.StopAsync();
    }

    [Theory]
    [InlineData("role")]
    [InlineData("pool")]
    [InlineData("key")]
    [InlineData("expired")]
    [InlineData("forged")]
    [InlineData("missing")]
    public async Task A_delegation_that_does_not_fit_fails_the_start(string what)
    {
        await WriteNamesAsync();
        var file = what switch
        {
            "role" => await WriteAsync(await Session.OpenAsync(Miner, DelegationRoles.Client, Now, "5", KeyOf(Miner))),
            "pool" => await WriteAsync(await OpenAsync(Miner, DelegationRoles.Miner, change: d => d with { Pool = EnsName.Parse("other.eth") })),
            "key" => await WriteAsync(await OpenAsync(Miner, DelegationRoles.Miner, change: d => d with { Key = EthAddress.Parse(Vault) })),
            "expired" => await WriteAsync(await OpenAsync(Miner, DelegationRoles.Miner, change: d => d with { Timestamp = Now - 100, Expires = Now - 1 })),
            "forged" => await WriteAsync(await Session.OpenAsync(Miner, DelegationRoles.Miner, Now, null, KeyOf(Miner), Messages.Client)),
            _ => "none.json",
        };
        var problem = await Assert.ThrowsAsync<SwarmPoolException>(() => MinerAsync(file));
        Assert.Equal(ErrorCodes.DelegationUnusable, problem.Code);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            host.Dispose();
        }

        folder.Dispose();
    }

    private static string KeyOf(EnsName name) => "session." + name.Text;

    private static Task<Session> OpenAsync(EnsName name, string role, string? cap = null, Func<DelegationSnapshot, DelegationSnapshot>? change = null) =>
        Session.OpenAsync(name, role, Now, cap, KeyOf(name), change: change);

    private static async Task StoppedAsync(IHost daemon)
    {
        var stopping = daemon.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var stopped = new TaskCompletionSource();
        await using var registration = stopping.Register(() => stopped.TrySetResult());
        await stopped.Task.WaitAsync(Patience.Long);
        var problem = await Assert.ThrowsAsync<SwarmPoolException>(() => daemon.StopAsync());
        Assert.Equal(ErrorCodes.DelegationUnusable, problem.Code);
        Assert.Contains("was taken back", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<PoolView> SealedAsync(IHost client)
    {
        using var limit = new CancellationTokenSource(Patience.Long);
        while (true)
        {
            var view = await client.Services.GetRequiredService<PoolReader>().ReadAsync(Patience.Long, limit.Token);
            if (view.State.LastEpoch is not null)
            {
                return view;
            }

            await Task.Delay(50, limit.Token);
        }
    }

    private static async Task<PayoutItem> PayoutsAsync(IHost daemon, EpochSnapshot epoch)
    {
        var page = await daemon.Services.GetRequiredService<ITransport>().Content.GetAsync(epoch.Settlements.Miners[0], SnapshotCodec.MaxPageBytes, CancellationToken.None);
        Assert.True(SnapshotCodec.TryDecodePage<PayoutItem>(page, out var items, out _));
        return Assert.Single(items);
    }

    private Task WriteNamesAsync() => File.WriteAllTextAsync(
        folder.Combine("names.json"),
        $$"""{ "network": "local", "names": { {{string.Join(",", Names.Select(n => $$""" "{{n}}": { "accounts": ["{{TestKeys.Of(n).Address}}"]{{(n == Miner ? $", \"payout\": \"{Vault}\"" : "")}} } """))}} } }""");

    private async Task<Session> DelegateAsync(EnsName name, string role, string? cap = null, string file = "pool.json")
    {
        var session = await OpenAsync(name, role, cap);
        await File.WriteAllBytesAsync(folder.Combine(file), session.Delegation.Bytes.ToArray());
        return session;
    }

    private async Task<string> WriteAsync(Session session)
    {
        await File.WriteAllBytesAsync(folder.Combine("miner.json"), session.Delegation.Bytes.ToArray());
        return "miner.json";
    }

    private async Task<IHost> DaemonAsync(string file)
    {
        var builder = Builder(Messages.Pool, ("delegation_file", file), ("state_seconds", "1"));
        builder.UseEmbeddedJournal(o => o.Journal = "journal.db");
        builder.UseSettlement7525();
        builder.AddDaemon();
        return await StartAsync(builder);
    }

    private async Task<IHost> MinerAsync(string? file = null)
    {
        file ??= await WriteAsync(await OpenAsync(Miner, DelegationRoles.Miner));
        var builder = Builder(Miner, ("miner_ens", Miner.Text), ("delegation_file", file), ("drain_seconds", "1"));
        builder.Fill<IInferenceBackend>("Fake backend", _ => new FakeBackend());
        builder.AddMiner();
        return await StartAsync(builder);
    }

    private async Task<IHost> ClientAsync(string cap)
    {
        await DelegateAsync(Messages.Client, DelegationRoles.Client, cap, "client.json");
        var builder = Builder(Messages.Client, ("client_ens", Messages.Client.Text), ("delegation_file", "client.json"));
        builder.AddClient().AddPoolReader();
        return await StartAsync(builder);
    }

    private async Task<IHost> StartAsync(SwarmPoolBuilder builder)
    {
        var host = builder.Build();
        hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    private SwarmPoolBuilder Builder(EnsName name, params (string Key, string Value)[] settings)
    {
        var builder = SwarmPoolBuilder.Create(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))).Build(), folder.Path);
        builder.UseEmbeddedTransport(o =>
        {
            o.Transport = EmbeddedTransportKind.Hub;
            o.Hub = folder.Path;
            o.Blocks = "blocks";
            o.FetchWaitSeconds = 1;
        });
        builder.UseEmbeddedIdentity(o => o.Names = "names.json");
        builder.Services.AddSingleton<ISigner>(_ => new SessionSigner(TestKeys.Of(EnsName.Parse(KeyOf(name)))));
        return builder;
    }

    /// <summary>The container disposes what it makes; the keys are everyone's.</summary>
    private sealed class SessionSigner(ISigner inner) : ISigner
    {
        public EthAddress Address => inner.Address;

        public ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) => inner.SignAsync(text, cancellationToken);
    }
}
