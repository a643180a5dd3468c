using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Tests.Golden;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>The epochs of golden journals are sealed in the same way again; and what new golden journals are made of.</summary>
public sealed class GoldenEpochTests
{
    // Where a golden journal of new rules is to be written: tests/SwarmPool.Core.Tests/Golden. CONTRIBUTING says when.
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SWARMPOOL_GOLDEN");

    public static TheoryData<string> Names() => [.. GoldenJournal.Known];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_epochs_are_sealed_in_the_same_way_again(string name)
    {
        var golden = await GoldenJournal.ReadAsync(name);
        var epochs = await GoldenWriter.SealedAsync(golden.Records);
        Assert.Equal(golden.Facts.Epochs, epochs.Select(e => e.ToString()));
        Assert.Equal(epochs, golden.Records.SelectMany(Events).OfType<EpochSealed>().Select(e => e.Cid));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_audit_finds_nothing(string name)
    {
        var golden = await GoldenJournal.ReadAsync(name);
        var report = await JournalAudit.RunAsync(new ListJournal(golden.Records));
        Assert.True(report.IsRight, string.Join('\n', report.Differences));
        Assert.Equal(golden.Facts.State, report.StateHash);
    }

    [Fact]
    public async Task Everything_that_can_happen_happens_in_a_new_one_and_it_stays_small()
    {
        var story = await GoldenStory.TellAsync();
        var happened = story.SelectMany(Events).Select(e => e.GetType()).ToHashSet();
        Assert.Empty(EventsOfChecks.Others.Except(happened)); // Checks have a story of their own: CheckStoryTests of the core.
        Assert.InRange(story.Sum(r => r.Body.Length + 1), 1, 300_000);
        if (Folder is not null)
        {
            await GoldenWriter.WriteAsync(Folder, GoldenJournal.NameOf(PoolMachine.CurrentRules), story);
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
            await GoldenWriter.WriteAsync(Folder, GoldenJournal.NameOf(PoolMachine.CurrentRules, "-sessions"), story, refused);
        }
    }

    private static IReadOnlyList<PoolEvent> Events(JournalRecord stored) => RecordCodec.Decode(stored, withInput: false).Events;
}
