using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>What a daemon knows of the state that its pool published last, when whoever published it is gone, and its node with it.</summary>
public sealed class PublishedHeadProbeTests
{
    [Fact]
    public async Task A_standby_leads_without_looking_for_the_state_that_was_on_its_leaders_node()
    {
        await using var town = await TestNetwork.OpenAsync();
        var first = await StartAsync(town, "first");
        var (transport, terms) = ((WatchedTransport?)null, new Terms());
        await StartAsync(town, "second", terms, inner => transport = new WatchedTransport(inner));
        await town.SubmitAsync();
        var state = await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { TotalJobs: 1 });
        await HearsAsync(transport!, state);

        var sought = Leave(transport!);
        await first.StopAsync();
        await RefusalTests.Eventually(() => terms.Led == 2);
        Assert.DoesNotContain(state.Cid, sought);
        await town.JoinAsync(1);
    }

    [Fact]
    public async Task A_standby_whose_store_has_lost_what_its_leader_signed_does_not_lead()
    {
        await using var town = await TestNetwork.OpenAsync();
        var first = await StartAsync(town, "first");
        var (parts, transport) = await PartsAsync(town);
        await using var last = parts.Published();
        last.Listen();
        await town.SubmitAsync();
        var state = await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { TotalJobs: 1 });
        await HearsAsync(transport, state);
        var records = new List<JournalRecord>();
        await foreach (var record in first.Services.GetRequiredService<IPoolJournal>().ReadAsync(1, default))
        {
            records.Add(record);
        }

        Leave(transport);
        var published = (PoolStateSnapshot)state.Body;
        var old = new ListJournal(records.Where(r => r.Sequence < published.Sequence).ToList());
        await last.FindAsync(default);
        var head = new JournalHead(records[^1].Sequence, records[^1].Hash);
        Assert.Equal(published.Sequence, last.Signed.Sequence);
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(async () => await PublishedHead.CheckAsync(last.Signed, parts.Pool, old, head, default));
        Assert.Equal(ErrorCodes.JournalBehindPublished, refused.Code);
        await PublishedHead.CheckAsync(last.Signed, parts.Pool, new ListJournal(records), head, default);
    }

    [Fact]
    public async Task What_was_published_before_it_listened_is_found_by_the_pointer()
    {
        await using var town = await TestNetwork.OpenAsync();
        await StartAsync(town, "first");
        await town.SubmitAsync();
        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { TotalJobs: 1 })).Body;
        var (parts, transport) = await PartsAsync(town);
        await using (var last = parts.Published())
        {
            Assert.Equal(state.Sequence, (await last.FindAsync(default))?.Sequence);
        }

        Assert.Empty(transport.TakenIn);
    }

    [Fact]
    public async Task What_others_point_to_does_not_take_the_place_of_what_the_pool_said()
    {
        await using var town = await TestNetwork.OpenAsync();
        await StartAsync(town, "first");
        var (parts, transport) = await PartsAsync(town);
        await using var last = parts.Published();
        last.Listen();
        await town.SubmitAsync();
        var state = await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { TotalJobs: 1 });
        await HearsAsync(transport, state);
        await town.Transport.Content.PointAsync("swarmpool.eth/state", await town.PutAsync("not a state"), default);
        Assert.Equal(((PoolStateSnapshot)state.Body).Sequence, (await last.FindAsync(default))?.Sequence);
    }

    private static Task<IHost> StartAsync(TestNetwork town, string name, IDaemonObserver? observer = null, Func<ITransport, ITransport>? transport = null) => town.StartAsync(
        o =>
        {
            o.Standby = true;
            o.Instance = name;
            o.LeaseSeconds = 1;
        },
        observer: observer,
        transport: transport);

    private static Task HearsAsync(WatchedTransport transport, SignedSnapshot state) =>
        RefusalTests.Eventually(() => transport.TakenIn.Any(taken => state.Bytes.Span.SequenceEqual(taken)));

    /// <summary>The node that has all contents is gone: they are looked for for ever.</summary>
    /// <returns>What is asked for from now on.</returns>
    private static ConcurrentQueue<Cid> Leave(WatchedTransport transport)
    {
        var sought = new ConcurrentQueue<Cid>();
        var never = new TaskCompletionSource();
        transport.Gate = cid =>
        {
            sought.Enqueue(cid);
            return never.Task;
        };
        return sought;
    }

    /// <summary>The parts of a daemon that is not started, over a transport that is.</summary>
    private static async Task<(DaemonComponents Parts, WatchedTransport Transport)> PartsAsync(TestNetwork town)
    {
        WatchedTransport? transport = null;
        var parts = town.Compose(transport: inner => transport = new WatchedTransport(inner)).Services.GetRequiredService<DaemonComponents>();
        await transport!.StartAsync(default);
        return (parts, transport);
    }

    private sealed class Terms : IDaemonObserver
    {
        private long led;

        public long Led => Interlocked.Read(ref led);

        public void Started(EnsName pool, long term, long records, string journal) => Interlocked.Exchange(ref led, term);
    }
}
