using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class RestartTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pitfall23_a_daemon_goes_on_where_the_last_one_ended_however_it_ended(bool inOrder)
    {
        await using var town = await TestNetwork.OpenAsync();
        var first = await town.StartAsync(o => o.ClaimTimeoutSeconds = 3);
        var miner = await town.JoinAsync(1);
        var (job, waiting) = (await town.SubmitAsync(), await town.SubmitAsync());
        var claim = await town.ClaimAsync(job, miner);
        if (inOrder)
        {
            await first.StopAsync();
        }

        first.Dispose();
        await Task.Delay(3200); // Longer than the lease: the outage costs the miner nothing.

        var second = await town.StartAsync(o => o.ClaimTimeoutSeconds = 3);
        var copy = await second.Services.GetRequiredService<IPoolJournal>().LoadSnapshotAsync(CancellationToken.None);
        Assert.Equal(inOrder, copy is not null);
        var proved = await town.ProveAsync(claim);
        Assert.True(proved.Decided);
        await town.ProveAsync(await town.ClaimAsync(waiting, miner));

        // The lists that were not touched since are published, too.
        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { Term: 2, TotalProofs: 2 })).Body;
        Assert.Equal((2L, 1L), (state.TotalJobs, state.MinerCount));
        Assert.Equal(2, Assert.Single(await JobLifeTests.PageAsync<MinerStateItem>(town, Assert.Single(state.ActiveMiners))).JobsCompleted);
        await second.StopAsync();
        await town.AuditAsync();
    }

    [Fact]
    public async Task What_was_decided_and_not_said_is_said_by_the_next_daemon_in_the_same_bytes()
    {
        await using var town = await TestNetwork.OpenAsync();
        WatchedTransport watched = null!;
        var first = await town.StartAsync(transport: t => watched = new WatchedTransport(t));
        await town.JoinAsync(1);
        watched.IsDown = true;
        var job = await town.SendAsync(town.Messages.Job());
        await RefusalTests.Eventually(() => Unsaid(watched).Length > 0);
        Assert.Empty(town.MessageRecorder.Items<JobNewItem>());
        first.Dispose();

        await town.StartAsync();
        var said = await town.MessageRecorder.SnapshotAsync(s => s.Body is JobsNew);
        Assert.Equal(job.Cid, ((JobsNew)said.Body).Items.Single().Cid);
        Assert.Equal(Unsaid(watched), said.Bytes.ToArray());
    }

    [Fact]
    public async Task A_new_term_does_not_wait_until_an_old_ones_words_are_out()
    {
        await using var town = await TestNetwork.OpenAsync();
        WatchedTransport watched = null!;
        var first = await town.StartAsync(transport: t => watched = new WatchedTransport(t));
        watched.IsDown = true;
        var job = await town.SendAsync(town.Messages.Job());
        await RefusalTests.Eventually(() => Unsaid(watched).Length > 0);
        first.Dispose();

        WatchedTransport next = null!;
        await town.StartAsync(transport: t => next = new WatchedTransport(t) { IsDown = true }).WaitAsync(Patience.Long);
        Assert.Empty(town.MessageRecorder.Items<JobNewItem>());
        next.IsDown = false;
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid);
    }

    [Fact]
    public async Task A_transport_that_is_down_does_not_keep_the_daemon_from_stopping()
    {
        await using var town = await TestNetwork.OpenAsync();
        WatchedTransport watched = null!;
        var first = await town.StartAsync(transport: t => watched = new WatchedTransport(t));
        await town.MessageRecorder.ItemAsync<EpochOpenedItem>(_ => true);
        watched.IsDown = true;
        var job = await town.SendAsync(town.Messages.Job());
        await RefusalTests.Eventually(() => Unsaid(watched).Length > 0);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(25));
        await first.StopAsync(patience.Token);
        Assert.False(patience.IsCancellationRequested);

        await town.StartAsync();
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid);
    }

    [Fact]
    public async Task Pitfall24_two_daemons_on_one_journal_are_refused_by_name()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync();
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => town.StartAsync());
        Assert.Equal(ErrorCodes.JournalHeld, refused.Code);
        await town.SubmitAsync();
    }

    [Fact]
    public async Task Pitfall24_a_journal_set_back_behind_the_published_state_is_refused()
    {
        await using var town = await TestNetwork.OpenAsync();
        var first = await town.StartAsync();
        await first.StopAsync();
        first.Dispose();
        var old = Directory.GetFiles(town.Path, "journal.db*").ToDictionary(f => f, File.ReadAllBytes);
        var second = await town.StartAsync();
        await town.SubmitAsync();
        await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { TotalJobs: 1 });
        await second.StopAsync();
        second.Dispose();

        foreach (var file in Directory.GetFiles(town.Path, "journal.db*"))
        {
            File.Delete(file);
        }

        foreach (var (file, bytes) in old)
        {
            File.WriteAllBytes(file, bytes);
        }

        Assert.Equal(ErrorCodes.JournalBehindPublished, (await Assert.ThrowsAsync<SwarmPoolException>(() => town.StartAsync())).Code);
    }

    [Fact]
    public async Task A_full_disk_ends_the_daemon_and_nothing_undurable_is_said()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync(journal: j => new FailingJournal(j, Holds("job_accepted")));
        await town.JoinAsync(1);
        var stopped = StoppedAsync(host);
        await town.SendAsync(town.Messages.Job());
        await stopped;
        Assert.Equal(ErrorCodes.JournalAppendFailed, (await Assert.ThrowsAsync<SwarmPoolException>(() => host.StopAsync())).Code);
        Assert.Empty(town.MessageRecorder.Items<JobNewItem>());
        host.Dispose();

        await town.StartAsync();
        await town.SubmitAsync();
    }

    [Fact]
    public async Task A_transport_that_goes_deaf_ends_the_daemon()
    {
        await using var town = await TestNetwork.OpenAsync();
        WatchedTransport watched = null!;
        var host = await town.StartAsync(transport: t => watched = new WatchedTransport(t));
        var stopped = StoppedAsync(host);
        watched.EndSubscriptions();
        await stopped;
        Assert.Equal(ErrorCodes.TransportUnavailable, (await Assert.ThrowsAsync<SwarmPoolException>(() => host.StopAsync())).Code);
    }

    [Fact]
    public async Task A_policy_that_throws_leaves_the_epoch_closed_and_a_good_one_settles_it_later()
    {
        await using var town = await TestNetwork.OpenAsync();
        var observer = new UnsettledObserver();
        var first = await town.StartAsync(o => o.EpochDurationSeconds = 2, policy: new ThrowingPolicy(), observer: observer);
        var miner = await town.JoinAsync(1);
        var job = await town.SubmitAsync("4");
        await town.ProveAsync(await town.ClaimAsync(job, miner));
        var (epoch, code) = await observer.Unsettled.Task.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(("epoch-1", ErrorCodes.PolicyThrew), (epoch, code));
        await town.SubmitAsync(); // The pool works on.
        await first.StopAsync();
        first.Dispose();

        await town.StartAsync();
        var sealedItem = await town.MessageRecorder.ItemAsync<EpochSealedItem>(i => i.EpochId == "epoch-1");
        var snapshot = await JobLifeTests.FetchAsync<EpochSnapshot>(town, sealedItem.Cid);
        Assert.Equal(("75/25", 3_000_000L), (snapshot.Policy.Name, snapshot.Settlements.MinerPool.Micro));
        Assert.True(snapshot.PolicyReplaced, "It is not the policy that ran when the epoch closed.");
    }

    [Fact]
    public async Task Pitfall16_an_epoch_published_before_a_crash_is_published_again_in_the_same_bytes()
    {
        await using var town = await TestNetwork.OpenAsync();
        WatchedTransport watched = null!;
        var first = await town.StartAsync(
            o => o.EpochDurationSeconds = 2, journal: j => new FailingJournal(j, Holds("epoch_sealed")), transport: t => watched = new WatchedTransport(t));
        var stopped = StoppedAsync(first);
        var miner = await town.JoinAsync(1);
        await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync(), miner));
        await stopped;
        Assert.Single(Epochs(watched));
        await Assert.ThrowsAsync<SwarmPoolException>(() => first.StopAsync());
        first.Dispose();
        Assert.Empty(town.MessageRecorder.Items<EpochSealedItem>());

        await town.StartAsync();
        var sealedItem = await town.MessageRecorder.ItemAsync<EpochSealedItem>(i => i.EpochId == "epoch-1");
        Assert.Equal(sealedItem.Cid, Assert.Single(Epochs(watched)));
    }

    [Fact]
    public async Task Pitfall17_a_claim_that_runs_out_while_its_proof_is_fetched_is_answered_and_heartbeats_save_it()
    {
        await using var town = await TestNetwork.OpenAsync();
        var (late, gate) = (Cid.OfBlock("late"u8), new TaskCompletionSource());
        await town.StartAsync(
            o =>
            {
                o.ClaimTimeoutSeconds = 1;
                o.FetchSeconds = 60;
            },
            transport: t => new WatchedTransport(t) { Gate = cid => cid == late ? gate.Task : Task.CompletedTask });
        var (alice, bob) = (await town.JoinAsync(1), await town.JoinAsync(2));
        var (lost, kept) = (await town.SubmitAsync(), await town.SubmitAsync());
        var (alices, bobs) = (await town.ClaimAsync(lost, alice), await town.ClaimAsync(kept, bob));
        var first = await town.SendAsync(town.Messages.Proof(lost, alice, alices.Fence, late));
        var second = await town.SendAsync(town.Messages.Proof(kept, bob, bobs.Fence, late));
        for (var i = 0; i < 10; i++)
        {
            await town.SendAsync(town.Messages.Heartbeat(bob, kept, bobs.Fence));
            await Task.Delay(200);
        }

        await town.PutAsync("late");
        gate.SetResult();
        await town.MessageRecorder.ItemAsync<ProofRejectedItem>(i => i.ProofCid == first.Cid && i.Code == ErrorCodes.NoLiveLease);
        await town.MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.ProofCid == second.Cid);
        await town.ProveAsync(await town.ClaimAsync(lost, bob, attempt: 2));
    }

    [Fact]
    public async Task A_copy_of_the_state_that_is_no_good_is_passed_over()
    {
        await using var town = await TestNetwork.OpenAsync();
        var first = await town.StartAsync();
        await town.SubmitAsync();
        await first.StopAsync();
        first.Dispose();
        using (var tool = town.Compose())
        {
            var journal = tool.Services.GetRequiredService<IPoolJournal>();
            var lease = await journal.AcquireAsync("swarmpool.eth", "test", TimeSpan.FromSeconds(10), CancellationToken.None);
            var head = await journal.HeadAsync(CancellationToken.None);
            var copy = (await journal.LoadSnapshotAsync(CancellationToken.None))!;
            await journal.SaveSnapshotAsync(
                lease, new StateSnapshot(copy.Format, head.Sequence, head.Hash, "{\"jobs\":"u8.ToArray()), CancellationToken.None);
            await journal.ReleaseAsync(lease, CancellationToken.None);
        }

        await town.StartAsync();
        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { Term: > 1, PendingCount: 1 })).Body;
        Assert.Equal(1, state.TotalJobs);
    }

    /// <summary>Completes when the daemon ends its host by itself.</summary>
    private static Task StoppedAsync(IHost host)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);
        return stopped.Task.WaitAsync(TimeSpan.FromSeconds(15));
    }

    private static Func<JournalRecord, bool> Holds(string name) => record => Encoding.UTF8.GetString(record.Body.Span).Contains($"\"{name}\"", StringComparison.Ordinal);

    private static byte[] Unsaid(WatchedTransport watched) =>
        watched.Asked.FirstOrDefault(a => watched.IsDown && a.Topic.EndsWith("jobs/new", StringComparison.Ordinal)).Payload ?? [];

    private static List<Cid> Epochs(WatchedTransport watched) => watched.Stored
        .Where(bytes => SnapshotCodec.TryDecode(bytes, out var snapshot, out _) && snapshot.Body is EpochSnapshot { Number: 1 })
        .Select(bytes => Cid.OfBlock(bytes)).Distinct().ToList();

    private sealed class ThrowingPolicy : ISettlementPolicy
    {
        public string Name => "throwing";

        public string Version => "1";

        public SettlementOutcome Settle(EpochLedger ledger, string policyState) => throw new InvalidOperationException("the plugin is broken");
    }

    private sealed class UnsettledObserver : IDaemonObserver
    {
        public TaskCompletionSource<(string Epoch, string Code)> Unsettled { get; } = new();

        void IDaemonObserver.Unsettled(string epochId, string code, string reason) => Unsettled.TrySetResult((epochId, code));
    }
}
