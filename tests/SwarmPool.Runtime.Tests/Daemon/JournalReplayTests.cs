using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class JournalReplayTests
{
    [Fact]
    public async Task What_is_read_ahead_leads_to_the_same_state()
    {
        var bench = Filled(jobs: 3000);
        var restored = await RestoreAsync(Stored(bench));
        Assert.Equal(StateHash.Of(bench.State), StateHash.Of(restored.State));
        Assert.Equal(bench.Records.Count, restored.Replayed);
        Assert.Equal(bench.Records[^1].Sequence, restored.Head.Sequence);
    }

    [Fact]
    public async Task What_is_damaged_far_ahead_is_told_by_its_number()
    {
        var records = Stored(Filled(jobs: 1000));
        records[700] = records[700] with { Body = records[699].Body };
        var damage = await Assert.ThrowsAsync<SwarmPoolException>(() => RestoreAsync(records));
        Assert.Equal(ErrorCodes.JournalDamaged, damage.Code);
        Assert.Contains("Record 701", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_is_missing_is_told_by_its_number()
    {
        var records = Stored(Filled(jobs: 10));
        records.RemoveAt(5);
        var damage = await Assert.ThrowsAsync<SwarmPoolException>(() => RestoreAsync(records));
        Assert.Contains("Record 7 of a list does not follow record 5", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_leaves_early_leaves_nothing_running()
    {
        var reading = new ConcurrentExclusiveSchedulerPair();
        await foreach (var chunk in RecordsAhead.ReadAsync(new ListJournal(Stored(Filled(jobs: 5000))), 1, reading.ExclusiveScheduler, CancellationToken.None))
        {
            Assert.NotEmpty(chunk);
            break;
        }

        // The scheduler ends only when nothing is left to be run on it.
        reading.Complete();
        await reading.Completion.WaitAsync(Support.Patience.Long);
    }

    private static async Task<JournalReplay.Result> RestoreAsync(List<JournalRecord> records) =>
        await JournalReplay.RestoreAsync(new ListJournal(records), TaskScheduler.Default, NullLogger.Instance, CancellationToken.None);

    internal static Bench Filled(int jobs)
    {
        var bench = new Bench(Bench.DefaultSettings with { JobsPerClient = jobs, MaxJobs = jobs });
        for (var i = 0; i < jobs; i++)
        {
            Assert.Equal(DecisionKind.Accepted, bench.Send(Bench.Signed(bench.Messages.Job())).Kind);
        }

        return bench;
    }

    internal static List<JournalRecord> Stored(Bench bench)
    {
        var records = new List<JournalRecord>();
        foreach (var record in bench.Records)
        {
            records.Add(RecordCodec.Encode(record, records.Count == 0 ? JournalHead.Empty.Hash : records[^1].Hash));
        }

        return records;
    }
}
