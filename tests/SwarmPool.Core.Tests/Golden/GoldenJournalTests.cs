using System.Text.Json;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Signatures;
using SwarmPool.State;

namespace SwarmPool.Core.Tests.Golden;

/// <summary>
/// Journals of all rules that were ever released still lead to the same state and the same decisions. That their epochs are sealed
/// in the same way, and how new ones are made: GoldenEpochTests of the runtime.
/// </summary>
public sealed class GoldenJournalTests
{
    public static TheoryData<string> Names() => [.. GoldenJournal.Known];

    [Fact]
    public void The_present_rules_have_a_golden_journal() => Assert.Contains(GoldenJournal.NameOf(PoolMachine.CurrentRules), GoldenJournal.Known);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_replays_to_the_same_state(string name)
    {
        var golden = await GoldenJournal.ReadAsync(name);
        Assert.Equal(golden.Facts.Records, golden.Records.Count);
        Assert.Equal(golden.Facts.Head, Convert.ToHexStringLower(golden.Records[^1].Hash.Span));
        Assert.Equal(golden.Facts.State, StateHash.Of(GoldenJournal.Apply(golden.Records)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_inputs_are_decided_in_the_same_way_again(string name)
    {
        var golden = await GoldenJournal.ReadAsync(name);
        var findings = new AuditFindings();
        var audit = new RecordAudit(new RecordReader(SignatureEngines.Best, findings), new PoolState(), JournalHead.Empty, findings);
        Assert.All(golden.Records, stored => Assert.NotNull(audit.Next(stored)));
        Assert.Empty(findings.Listed);
        Assert.Equal(golden.Facts.State, StateHash.Of(audit.State));
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
    public async Task One_that_was_touched_is_found_out()
    {
        var golden = await GoldenJournal.ReadAsync(GoldenJournal.NameOf(PoolMachine.CurrentRules));
        var decided = golden.Records.First(r => Events(r).OfType<JobDecided>().Any());
        var record = RecordCodec.Decode(decided, withInput: true);
        var events = JsonSerializer.Deserialize(
            JsonSerializer.Serialize(record.Events, PoolJson.Default.IReadOnlyListPoolEvent).Replace("\"price\":\"1\"", "\"price\":\"2\"", StringComparison.Ordinal),
            PoolJson.Default.IReadOnlyListPoolEvent)!;
        var touched = golden.Records.Select(r => r.Sequence == record.Sequence ? RecordCodec.Encode(record with { Events = events }, r.Previous) : r).ToList();
        Assert.NotEqual(golden.Facts.State, StateHash.Of(GoldenJournal.Apply(touched)));
    }

    private static IReadOnlyList<PoolEvent> Events(JournalRecord stored) => RecordCodec.Decode(stored, withInput: false).Events;
}
