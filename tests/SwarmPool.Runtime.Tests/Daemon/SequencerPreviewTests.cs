using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Daemon.Checks;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>What would be decided is asked of the same rules that decide it, and leaves nothing behind.</summary>
public sealed class SequencerPreviewTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(Bench.Start));
    private readonly Messages messages;
    private readonly ListJournal journal = new([]);
    private DecideFunction rules = PoolMachine.Decide;
    private LeaderLease lease = null!;
    private Sequencer sequencer = null!;
    private Task running = Task.CompletedTask;

    public SequencerPreviewTests() => messages = new Messages(() => time.GetUtcNow().ToUnixTimeSeconds());

    [Fact]
    public async Task A_preview_says_what_would_be_decided_and_decides_nothing()
    {
        var job = Bench.Signed(messages.Job());
        for (var i = 0; i < 2; i++)
        {
            var preview = await PreviewAsync(job);
            Assert.Equal((DecisionKind.Accepted, nameof(JobAccepted)), (preview.Kind, preview.Events[0].GetType().Name));
        }

        Assert.Single(journal.Records); // The start.
        Assert.Equal(DecisionKind.Accepted, (await sequencer.SubmitAsync(new MessageInput(job), FactsOf(job), CancellationToken.None)).Kind);
        Assert.Equal(DecisionKind.Repeated, (await PreviewAsync(job)).Kind);
        Assert.Equal(2, journal.Records.Count);
    }

    [Fact]
    public async Task It_is_asked_of_the_rules_that_decide_at_the_time_that_they_would()
    {
        var job = Bench.Signed(messages.Job());
        var asked = new List<long>();
        rules = (_, _, _, at) =>
        {
            asked.Add(at);
            return Decision.Refuse("TEST", "other rules");
        };
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("TEST", (await PreviewAsync(job)).Refusal?.Code);
        Assert.Equal(Bench.Start + 3000, asked[^1]);

        // The pool's time never goes back, whatever the clock does.
        time.AdjustTime(DateTimeOffset.FromUnixTimeMilliseconds(Bench.Start - 60_000));
        await PreviewAsync(job);
        Assert.Equal(Bench.Start + 3000, asked[^1]);
    }

    [Fact]
    public async Task Rules_that_throw_fail_who_asks_and_nobody_else()
    {
        var right = rules;
        rules = (state, input, facts, at) => input is MessageInput ? throw new InvalidOperationException("a mistake") : right(state, input, facts, at);
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => PreviewAsync(Bench.Signed(messages.Job())).AsTask());
        Assert.Equal("a mistake", thrown.Message);
        rules = right;
        Assert.Equal(DecisionKind.Accepted, (await PreviewAsync(Bench.Signed(messages.Job()))).Kind);
    }

    public async ValueTask InitializeAsync()
    {
        lease = await LeaderLease.TakeAsync(journal, Messages.Pool, "test", TimeSpan.FromSeconds(10), time, NullLogger.Instance, CancellationToken.None);
        sequencer = new Sequencer(
            journal, lease, new PoolState(), JournalHead.Empty, Channel.CreateUnbounded<Commit>().Writer, (state, input, facts, at) => rules(state, input, facts, at), Clocks.Of(time),
            new DrawSecrets(RandomNonces.Shared));
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

    private static PoolFacts FactsOf(SignedSnapshot snapshot)
    {
        var account = TestKeys.Of(snapshot.Body.Signer).Address;
        return new PoolFacts { Signer = new NameFact(account, account, 0, null) };
    }

    private ValueTask<Decision> PreviewAsync(SignedSnapshot snapshot) =>
        sequencer.PreviewAsync(new MessageInput(snapshot), FactsOf(snapshot), CancellationToken.None);
}
