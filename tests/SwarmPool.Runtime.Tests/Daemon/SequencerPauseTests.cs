using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Checks;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A daemon that stands still for longer than a lease, and one that does not.</summary>
public sealed class SequencerPauseTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(Bench.DefaultSettings.ClaimTimeoutMs);

    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(Bench.Start));
    private readonly Messages messages;
    private readonly ListJournal journal = new([]);
    private LeaderLease lease = null!;
    private Sequencer sequencer = null!;
    private Task running = Task.CompletedTask;

    public SequencerPauseTests() => messages = new Messages(() => time.GetUtcNow().ToUnixTimeSeconds());

    [Fact]
    public async Task Nobody_loses_a_claim_by_a_pause_of_the_daemon_and_its_heartbeat_renews_it_after()
    {
        var job = await ClaimedAsync();
        time.Advance(2 * Lease); // At once: nothing was decided meanwhile.
        await SubmitAsync(messages.Heartbeat(Messages.Miner(1), job, 1));
        Assert.Equal([nameof(PoolResumed)], After(4));
        Assert.Equal(1, await sequencer.AskAsync(s => s.Jobs[job].Leases.Count, CancellationToken.None));

        // From then on the claim lives as any other: renewed after half of the lease, or it ends.
        await PassAsync(Lease * 0.6);
        await SubmitAsync(messages.Heartbeat(Messages.Miner(1), job, 1));
        Assert.Equal([nameof(PoolResumed), nameof(LeaseRenewed)], After(4));
        await PassAsync(Lease * 1.1);
        Assert.Equal([nameof(PoolResumed), nameof(LeaseRenewed), nameof(LeaseEnded)], After(4));
        await AuditAsync();
    }

    [Fact]
    public async Task Quiet_is_no_pause()
    {
        await ClaimedAsync();
        await PassAsync(Lease * 1.1);
        Assert.Equal([nameof(LeaseEnded)], After(4));
    }

    [Fact]
    public async Task A_pause_without_claims_leaves_no_record()
    {
        await SubmitAsync(messages.Registration(Messages.Miner(1)));
        var records = journal.Records.Count;
        time.Advance(10 * Lease);
        Assert.Equal(records, await sequencer.AskAsync(s => (int)s.Sequence, CancellationToken.None));
    }

    public async ValueTask InitializeAsync()
    {
        lease = await LeaderLease.TakeAsync(journal, Messages.Pool, "test", TimeSpan.FromSeconds(10), time, NullLogger.Instance, CancellationToken.None);
        sequencer = new Sequencer(journal, lease, new PoolState(), JournalHead.Empty, Channel.CreateUnbounded<Commit>().Writer, PoolMachine.Decide, Clocks.Of(time), new DrawSecrets(RandomNonces.Shared));
        running = sequencer.RunAsync();
        await sequencer.SubmitAsync(new StartedInput(1, Bench.DefaultSettings), PoolFacts.None, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        sequencer.Complete();
        await running;
        sequencer.Dispose();
        await lease.DisposeAsync();
    }

    /// <summary>Four records: the start, a miner, a job, its claim with fence 1.</summary>
    private async Task<Cid> ClaimedAsync()
    {
        await SubmitAsync(messages.Registration(Messages.Miner(1)));
        var job = Bench.Signed(messages.Job());
        await SubmitAsync(job);
        await SubmitAsync(messages.Claim(job.Cid, Messages.Miner(1), 1));
        return job.Cid;
    }

    private Task SubmitAsync(Snapshot body) => SubmitAsync(Bench.Signed(body));

    private async Task SubmitAsync(SignedSnapshot snapshot)
    {
        var account = TestKeys.Of(snapshot.Body.Signer).Address;
        await sequencer.SubmitAsync(new MessageInput(snapshot), new PoolFacts { Signer = new NameFact(account, account, 0, null) }, CancellationToken.None);
    }

    /// <summary>Lets time pass in steps that a running daemon sees.</summary>
    private async Task PassAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += Lease / 10)
        {
            time.Advance(Lease / 10);
            await sequencer.AskAsync(s => s.Sequence, CancellationToken.None);
        }
    }

    /// <summary>What was decided after so many records, by the first event of each.</summary>
    private IEnumerable<string> After(int records) =>
        journal.Records.Skip(records).Select(r => RecordCodec.Decode(r, withInput: true).Events[0].GetType().Name);

    private async Task AuditAsync()
    {
        var judged = new PoolState();
        await foreach (var stored in journal.ReadAsync(1, CancellationToken.None))
        {
            var record = RecordCodec.Decode(stored, withInput: true);
            judged.Apply(record.Sequence, record.At, PoolMachine.Decide(judged, record.Input!, record.Facts, record.At).Events);
        }

        Assert.Equal(StateHash.Of(judged), await sequencer.AskAsync(StateHash.Of, CancellationToken.None));
    }
}
