using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A state that follows a journal.</summary>
public sealed class FollowerStateTests
{
    private readonly List<JournalRecord> records = JournalReplayTests.Stored(JournalReplayTests.Filled(jobs: 40));

    [Fact]
    public async Task It_applies_what_came_since_and_no_more()
    {
        var journal = new ListJournal([]);
        var warm = Follow(journal);
        await warm.CatchUpAsync(default);
        foreach (var part in records.Chunk(7))
        {
            await journal.AppendAsync(new JournalLease(1, ""), part, default);
            await warm.CatchUpAsync(default);
            Assert.Equal((part.Length, part[^1].Sequence), (warm.Applied, warm.Head.Sequence));
        }

        await warm.CatchUpAsync(default);
        Assert.Equal(0, warm.Applied);
        var replayed = Follow(new ListJournal(records));
        await replayed.CatchUpAsync(default);
        Assert.Equal(records.Count, replayed.Applied);
        Assert.Equal(StateHash.Of(replayed.State), StateHash.Of(warm.State));
    }

    [Fact]
    public async Task It_goes_no_further_than_a_record_that_does_not_follow()
    {
        var journal = new ListJournal(records.Take(10).ToList());
        var warm = Follow(journal);
        await warm.CatchUpAsync(default);
        await journal.AppendAsync(new JournalLease(1, ""), [records[11]], default);
        Assert.Equal(ErrorCodes.JournalDamaged, (await Assert.ThrowsAsync<SwarmPoolException>(async () => await warm.CatchUpAsync(default))).Code);
    }

    [Theory]
    [InlineData(9, false)] // The last is gone.
    [InlineData(9, true)] // Another has its place.
    public async Task A_store_that_lost_what_was_applied_is_told(int kept, bool another)
    {
        var journal = new ListJournal(records.Take(10).ToList());
        var warm = Follow(journal);
        await warm.CatchUpAsync(default);
        journal.Cut(kept);
        if (another)
        {
            await journal.AppendAsync(new JournalLease(1, ""), [records[9] with { Hash = records[8].Hash }], default);
        }

        var told = await Assert.ThrowsAsync<SwarmPoolException>(async () => await warm.CatchUpAsync(default));
        Assert.Equal(ErrorCodes.JournalDamaged, told.Code);
        Assert.Contains("no longer holds record 10", told.Message, StringComparison.Ordinal);
    }

    private static FollowerState Follow(ListJournal journal) => new(journal, TaskScheduler.Default, NullLogger.Instance);
}
