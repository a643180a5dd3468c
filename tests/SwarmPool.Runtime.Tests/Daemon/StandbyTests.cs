using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Status;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>Daemons that stand by behind another on one journal.</summary>
public sealed class StandbyTests
{
    [Fact]
    public async Task A_standby_follows_and_goes_on_at_once_where_the_leader_ends()
    {
        await using var town = await TestNetwork.OpenAsync();
        var first = await StartAsync(town, "first", new Watch());
        var watch = new Watch();
        var second = await StartAsync(town, "second", watch);
        Assert.Equal("first", Assert.Single(watch.Leaders));
        Assert.Empty(watch.Terms);

        var miner = await town.JoinAsync(1);
        var (job, waiting) = (await town.SubmitAsync(), await town.SubmitAsync());
        var claim = await town.ClaimAsync(job, miner);
        var head = await RecordsAsync(first);
        await RefusalTests.Eventually(() => watch.Records >= head);
        var status = await PoolStatus.ReadAsync(first.Services.GetRequiredService<IPoolJournal>());
        Assert.Equal(("first", 1L), (status.Leader!.Owner, status.Leader.Term));
        Assert.Equal("second", Assert.Single(status.Standbys!).Owner);

        await first.StopAsync();
        await RefusalTests.Eventually(() => watch.Terms.Contains(2));
        Assert.True((await town.ProveAsync(claim)).Decided);
        Assert.True((await town.ProveAsync(await town.ClaimAsync(waiting, miner))).Decided);
        await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { Term: 2, TotalProofs: 2 });
        status = await PoolStatus.ReadAsync(second.Services.GetRequiredService<IPoolJournal>());
        Assert.Equal("second", status.Leader!.Owner);
        Assert.Empty(status.Standbys!);
        await second.StopAsync();
        await town.AuditAsync();
    }

    [Fact]
    public async Task Of_several_that_stand_by_one_leads_and_the_others_follow_it()
    {
        await using var town = await TestNetwork.OpenAsync();
        var first = await StartAsync(town, "first", new Watch());
        var watches = new[] { new Watch(), new Watch(), new Watch() };
        var standbys = new List<IHost>();
        for (var i = 0; i < watches.Length; i++)
        {
            standbys.Add(await StartAsync(town, $"standby {i}", watches[i]));
        }

        await first.StopAsync();
        await RefusalTests.Eventually(() => watches.Any(w => !w.Terms.IsEmpty));
        var leader = Array.FindIndex(watches, w => !w.Terms.IsEmpty);
        await RefusalTests.Eventually(() => watches.Where((_, i) => i != leader).All(w => w.Leaders.LastOrDefault() == $"standby {leader}"));
        var job = await town.SubmitAsync();
        var head = await RecordsAsync(standbys[leader]);
        await RefusalTests.Eventually(() => watches.Where((_, i) => i != leader).All(w => w.Records >= head));

        // And again, with what the second has decided.
        await standbys[leader].StopAsync();
        await RefusalTests.Eventually(() => watches.Count(w => !w.Terms.IsEmpty) == 2);
        var miner = await town.JoinAsync(1);
        Assert.True((await town.ProveAsync(await town.ClaimAsync(job, miner))).Decided);
        Assert.Equal([2L, 3L], watches.SelectMany(w => w.Terms).Order());
    }

    [Fact]
    public async Task A_standby_that_is_stopped_ends_at_once_and_leaves_the_leader_alone()
    {
        await using var town = await TestNetwork.OpenAsync();
        await StartAsync(town, "first", new Watch());
        var standby = await StartAsync(town, "second", new Watch());
        await standby.StopAsync();
        await town.SubmitAsync();
    }

    private static Task<IHost> StartAsync(TestNetwork town, string name, Watch watch) => town.StartAsync(
        o =>
        {
            o.Standby = true;
            o.Instance = name;
            o.LeaseSeconds = 1;
        },
        observer: watch);

    private static async Task<long> RecordsAsync(IHost host) =>
        (await host.Services.GetRequiredService<IPoolJournal>().HeadAsync(CancellationToken.None)).Sequence;

    private sealed class Watch : IDaemonObserver
    {
        private long records;

        public ConcurrentQueue<string> Leaders { get; } = [];

        public ConcurrentQueue<long> Terms { get; } = [];

        public long Records => Volatile.Read(ref records);

        public void Started(EnsName pool, long term, long records, string journal) => Terms.Enqueue(term);

        public void StandingBy(EnsName pool, JournalLeader? leader, long records, string journal) => Leaders.Enqueue(leader?.Owner ?? "");

        public void Followed(long records, TimeSpan lag) => Volatile.Write(ref this.records, records);
    }
}
