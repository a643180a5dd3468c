using System.Text.Json;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>Journals of all rules that were ever released still lead to the same state, the same decisions and the same epochs.</summary>
public sealed class GoldenJournalTests
{
    // Where a golden journal of new rules is to be written: tests/SwarmPool.Runtime.Tests/Golden. CONTRIBUTING says when.
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SWARMPOOL_GOLDEN");

    public static TheoryData<string> Names() => [.. GoldenJournal.Known];

    [Fact]
    public void The_present_rules_have_a_golden_journal() => Assert.Contains(GoldenJournal.NameOf(PoolMachine.CurrentRules), GoldenJournal.Known);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_replays_to_the_same_state_and_the_same_epochs(string name)
    {
        var golden = await GoldenJournal.ReadAsync(name);
        var (state, epochs) = await GoldenJournal.ApplyAsync(golden.Records);
        Assert.Equal(golden.Facts.Records, golden.Records.Count);
        Assert.Equal(golden.Facts.Head, Convert.ToHexStringLower(golden.Records[^1].Hash.Span));
        Assert.Equal(golden.Facts.State, StateHash.Of(state));
        Assert.Equal(golden.Facts.Epochs, epochs.Select(e => e.ToString()));
        Assert.Equal(epochs, golden.Records.SelectMany(Events).OfType<EpochSealed>().Select(e => e.Cid));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_inputs_are_decided_in_the_same_way_again(string name)
    {
        var golden = await GoldenJournal.ReadAsync(name);
        var report = await JournalAudit.RunAsync(new ListJournal(golden.Records));
        Assert.True(report.IsRight, string.Join('\n', report.Differences));
        Assert.Equal(golden.Facts.State, report.StateHash);
    }

    /// <summary>A journal keeps nothing of refusals. What a golden one keeps of them beside it is refused again, at the same place.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_was_refused_is_refused_again_with_the_same_code(string name)
    {
        var golden = await GoldenJournal.ReadAsync(name);
        var state = new PoolState();
        var codes = new List<string>();
        foreach (var record in golden.Records.Select(stored => RecordCodec.Decode(stored, withInput: false)).Append(null))
        {
            codes.AddRange(golden.Refused
                .Where(refused => refused.Sequence == state.Sequence + 1)
                .Select(refused => PoolMachine.Decide(state, refused.Input!, refused.Facts, refused.At) is { Refusal: { } refusal } ? refusal.Code : "not refused"));
            if (record is not null)
            {
                state.Apply(record.Sequence, record.At, record.Events);
            }
        }

        Assert.Equal(golden.Facts.Refused ?? [], codes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_records_are_written_in_the_same_bytes_again(string name)
    {
        foreach (var stored in (await GoldenJournal.ReadAsync(name)).Records)
        {
            Assert.Equal(stored.Body.ToArray(), RecordCodec.Encode(RecordCodec.Decode(stored, withInput: true), stored.Previous).Body.ToArray());
        }
    }

    [Fact]
    public async Task Everything_that_can_happen_happens_in_a_new_one_and_it_stays_small()
    {
        var story = await GoldenStory.TellAsync();
        var happened = story.SelectMany(Events).Select(e => e.GetType()).ToHashSet();
        var missing = typeof(PoolEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(PoolEvent)) && !happened.Contains(t)).Select(t => t.Name);
        Assert.Empty(missing);
        Assert.InRange(story.Sum(r => r.Body.Length + 1), 1, 300_000);
        if (Folder is not null)
        {
            await GoldenJournal.WriteAsync(Folder, GoldenJournal.NameOf(PoolMachine.CurrentRules), story);
        }
    }

    [Fact]
    public async Task Whatever_session_keys_can_do_happens_in_a_story_of_their_own()
    {
        var (story, refused) = await SessionStory.TellAsync();
        Assert.Equal(SessionStory.Codes, refused.Select(r => r.Code).Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(story.Sum(r => r.Body.Length + 1), 1, 100_000);
        var report = await JournalAudit.RunAsync(new ListJournal(story));
        Assert.True(report.IsRight, string.Join('\n', report.Differences));
        if (Folder is not null)
        {
            await GoldenJournal.WriteAsync(Folder, GoldenJournal.NameOf(PoolMachine.CurrentRules, "-sessions"), story, refused);
        }
    }

    [Fact]
    public async Task One_that_was_touched_is_found_out()
    {
        var golden = await GoldenJournal.ReadAsync(GoldenJournal.NameOf(PoolMachine.CurrentRules));
        var decided = golden.Records.First(r => Events(r).OfType<JobDecided>().Any());
        var record = RecordCodec.Decode(decided, withInput: true);
        var events = JsonSerializer.Deserialize(
            JsonSerializer.Serialize(record.Events, PoolJson.Default.IReadOnlyListPoolEvent).Replace("\"price\":\"1\"", "\"price\":\"2\"", StringComparison.Ordinal),
            PoolJson.Default.IReadOnlyListPoolEvent)!;
        var touched = golden.Records.Select(r => r.Sequence == record.Sequence ? RecordCodec.Encode(record with { Events = events }, r.Previous) : r).ToList();
        Assert.NotEqual(golden.Facts.State, StateHash.Of((await GoldenJournal.ApplyAsync(touched)).State));
    }

    private static IReadOnlyList<PoolEvent> Events(JournalRecord stored) => RecordCodec.Decode(stored, withInput: false).Events;
}
