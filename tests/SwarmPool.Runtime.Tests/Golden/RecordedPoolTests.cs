using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>The journal of a recorded pool: its bytes, the states that it leads to, and what is decided and settled in it.</summary>
public sealed class RecordedPoolTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names() => [.. RecordedPool.Known];

    [Fact]
    public void The_present_rules_have_a_recording() => Assert.Contains(RecordedPool.NameOf(PoolMachine.CurrentRules), RecordedPool.Known);

    [Theory]
    [MemberData(nameof(Names))]
    public void Everything_happens_in_a_thousand_records_that_stay_small(string name)
    {
        var recorded = RecordedPool.Read(name);
        var happened = recorded.Replay().SelectMany(step => step.Record.Events).Select(e => e.GetType()).ToHashSet();
        Type[] later = name == RecordedPool.NameOf(1) ? [typeof(ProofDisputed)] : []; // Events that its rules did not know.
        Assert.Equal(later, EventsOfChecks.Others.Except(happened));
        Assert.DoesNotContain(happened, EventsOfChecks.All.Contains);
        Assert.InRange(recorded.Records.Count, 1_000, 2_000);
        Assert.InRange(RecordedPool.SizeOf(name), 1, 450_000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_records_are_written_in_the_same_bytes_again(string name)
    {
        var writer = new RecordWriter();
        foreach (var (_, record, stored) in RecordedPool.Read(name).Replay())
        {
            var again = writer.Write(record, stored.Previous);
            Assert.Equal(Encoding.UTF8.GetString(stored.Body.Span), Encoding.UTF8.GetString(again.Body.Span));
            Assert.Equal(stored.Hash.ToArray(), again.Hash.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_replays_to_the_same_states(string name)
    {
        var recorded = RecordedPool.Read(name);
        var facts = recorded.FactsOf("state").ToList();
        var states = new List<string>();
        foreach (var (state, record, _) in recorded.Replay())
        {
            if (states.Count < facts.Count && facts[states.Count].StartsWith(Line($"state {record.Sequence} "), StringComparison.Ordinal))
            {
                states.Add(Line($"state {record.Sequence} {StateHash.Of(state)}"));
                Assert.Equal(StateHash.Of(state), StateHash.Of(StateCodec.Decode(StateCodec.Encode(state))));
            }
        }

        Assert.Equal(facts, states);
        Assert.Equal((recorded.Records.Count + 9) / 10, facts.Count);
        Assert.StartsWith(Line($"state {recorded.Records.Count} "), facts[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_inputs_are_decided_in_the_same_way_again(string name)
    {
        var recorded = RecordedPool.Read(name);
        var report = await JournalAudit.RunAsync(new ListJournal(recorded.Records), cancellationToken: Cancelled);
        Assert.True(report.IsRight, string.Join('\n', report.Differences));
        Assert.Equal(recorded.Records.Count, report.Records);
        Assert.EndsWith(report.StateHash, recorded.FactsOf("state").Last(), StringComparison.Ordinal);
    }

    /// <remarks>By the policy as it is now, whose file is another one with each build: only the fact's name for it is the recorded one.</remarks>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_epochs_are_settled_in_the_same_way_again(string name)
    {
        var builder = SwarmPoolBuilder.Create();
        builder.UseSettlement7525();
        using var host = builder.Build();
        var policy = host.Services.GetRequiredService<ISettlementPolicy>();
        var recorded = RecordedPool.Read(name);
        var journal = new ListJournal(recorded.Records);
        var settled = 0;
        foreach (var (state, record, _) in recorded.Replay().Where(step => step.Record.Events.OfType<EpochSettled>().Any()))
        {
            var (epoch, then) = (state.Epochs.Closed[0], record.Facts.Settlement!);
            var (now, refusal) = await EpochSettlement.TryAsync(
                journal, epoch, new SettlementPayees(then.OperationsPayee, []), epoch.PolicyStateBefore, policy, then.Policy, TimeSpan.FromMinutes(1), TimeProvider.System, TaskScheduler.Default, null, Cancelled);
            Assert.Null(refusal);
            Assert.Equal(Text(record.Facts), Text(new PoolFacts { Settlement = now }));
            settled++;
        }

        Assert.Equal(recorded.FactsOf("epoch").Count(), settled);
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    private static string Text(PoolFacts facts) => JsonSerializer.Serialize(facts, PoolJson.Default.PoolFacts);
}
