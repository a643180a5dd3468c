using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Listing;
using SwarmPool.Runtime.Tests.Daemon;
using SwarmPool.Runtime.Tests.Golden;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Tests.Listing;

/// <summary>What lists say of a whole recorded pool is what its state says, and a filter leaves out what it says and nothing else.</summary>
public sealed class JournalListTests
{
    private static readonly ListRange All = new() { Limit = ListRange.MostItems };

    public static TheoryData<string> Pools => [.. RecordedPool.Known];

    [Theory]
    [MemberData(nameof(Pools))]
    public async Task Jobs_stand_where_the_state_has_them(string name)
    {
        var pool = RecordedPool.Read(name);
        var expected = new SortedDictionary<long, string>();
        PoolState last = null!;
        foreach (var (state, record, _) in pool.Replay())
        {
            last = state;
            foreach (var cid in record.Events.Select(CidOf).OfType<Transport.Cid>().Where(cid => state.Jobs.TryGet(cid, out var job) && !job.IsOpen))
            {
                expected[state.Jobs[cid].Number] = Line(state.Jobs[cid]);
            }
        }

        foreach (var job in last.Jobs.InOrder().Where(job => job.IsOpen))
        {
            expected[job.Number] = Line(job);
        }

        var list = await JobList.ReadAsync(new ListJournal(pool.Records), new JobListFilter { Range = All });
        Assert.Equal((last.TotalJobs, 0L, (long)pool.Records.Count), (list.Jobs.Count, list.More, list.Records));
        Assert.Equal(expected.Values.Reverse(), list.Jobs.Select(Line));
        Assert.True(list.Jobs.Select(job => job.Status).Distinct().Count() > 2, "a pool in which little happens shows little");
    }

    [Theory]
    [MemberData(nameof(Pools))]
    public async Task A_filter_of_jobs_leaves_out_what_it_says_and_nothing_else(string name)
    {
        var journal = new ListJournal(RecordedPool.Read(name).Records);
        var all = (await JobList.ReadAsync(journal, new JobListFilter { Range = All })).Jobs;
        foreach (var status in Enum.GetValues<JobListStatus>())
        {
            await FindsAsync(new JobListFilter { Status = status }, job => job.Status == status);
        }

        foreach (var client in all.Select(job => job.Client).Distinct())
        {
            await FindsAsync(new JobListFilter { Client = client }, job => job.Client == client);
        }

        foreach (var model in all.Select(job => job.Model).Append("no-such-model").Distinct(StringComparer.Ordinal))
        {
            await FindsAsync(new JobListFilter { Model = model }, job => job.Model == model);
        }

        var (since, until) = (all[all.Count / 2].AcceptedAt, all[all.Count / 4].AcceptedAt);
        await FindsAsync(new JobListFilter { Range = All with { SinceMs = since, UntilMs = until } }, job => job.AcceptedAt >= since && job.AcceptedAt < until);

        // Who did a job is found by it; who only tried is, too.
        foreach (var miner in all.SelectMany(job => job.Miners).Distinct())
        {
            var its = (await JobList.ReadAsync(journal, new JobListFilter { Miner = miner, Range = All })).Jobs;
            Assert.Superset(all.Where(job => job.Miners.Contains(miner)).Select(job => job.Number).ToHashSet(), its.Select(job => job.Number).ToHashSet());
        }

        async Task FindsAsync(JobListFilter filter, Func<ListedJob, bool> holds) => Assert.Equal(
            all.Where(holds).Select(job => job.Number), (await JobList.ReadAsync(journal, filter with { Range = filter.Range with { Limit = ListRange.MostItems } })).Jobs.Select(job => job.Number));
    }

    [Fact]
    public async Task Page_by_page_there_are_all_jobs()
    {
        var journal = new ListJournal(RecordedPool.Read(RecordedPool.NameOf(2)).Records);
        var all = (await JobList.ReadAsync(journal, new JobListFilter { Range = All })).Jobs.Select(job => job.Number).ToList();
        var (paged, more, before) = (new List<long>(), 1L, (long?)null);
        while (more > 0)
        {
            var page = await JobList.ReadAsync(journal, new JobListFilter { Before = before, Range = new ListRange { Limit = 7 } });
            paged.AddRange(page.Jobs.Select(job => job.Number));
            (more, before) = (page.More, paged[^1]);
            Assert.Equal(all.Count - paged.Count, more);
        }

        Assert.Equal(all, paged);
    }

    [Theory]
    [MemberData(nameof(Pools))]
    public async Task Epochs_are_those_that_the_journal_seals(string name)
    {
        var pool = RecordedPool.Read(name);
        PoolState last = null!;
        var expected = new List<string>();
        foreach (var (state, record, _) in pool.Replay())
        {
            last = state;
            expected.AddRange(record.Events.OfType<EpochSealed>().Select(one => $"{EpochAccount.IdOf(one.Number)} Sealed {one.Jobs} {one.Volume} {one.Cid}"));
        }

        expected.AddRange(last.Epochs.Closed.Select(one => $"{one.Id} {(one.SettledSequence > 0 ? "Settled" : "Closed")} {one.Jobs} {one.Volume} "));
        expected.Add($"{last.Epochs.Open!.Id} Open {last.Epochs.Open.Jobs} {last.Epochs.Open.Volume} ");
        var list = await EpochList.ReadAsync(new ListJournal(pool.Records), new EpochListFilter { Range = All });
        Assert.Equal(expected, list.Epochs.Reverse().Select(one => $"{one.EpochId} {one.Status} {one.Jobs} {one.Volume} {one.Cid}"));
        Assert.All(list.Epochs, one => Assert.Equal(one.Status is EpochListStatus.Settled or EpochListStatus.Sealed, one.Policy is not null));

        var sealed_ = await EpochList.ReadAsync(new ListJournal(pool.Records), new EpochListFilter { Status = EpochListStatus.Sealed, Range = new ListRange { Limit = 1 } });
        Assert.Equal(expected.Count(line => line.Contains(" Sealed ", StringComparison.Ordinal)) - 1, sealed_.More);
        Assert.Equal(list.Epochs.First(one => one.Status == EpochListStatus.Sealed), Assert.Single(sealed_.Epochs));
    }

    [Theory]
    [MemberData(nameof(Pools))]
    public async Task Miners_did_what_the_state_says(string name)
    {
        var pool = RecordedPool.Read(name);
        var (last, volume) = ((PoolState)null!, new Dictionary<string, Usdc>(StringComparer.Ordinal));
        foreach (var (state, record, _) in pool.Replay())
        {
            last = state;
            foreach (var part in record.Events.OfType<JobDecided>().SelectMany(decided => decided.Parts))
            {
                volume[part.Miner.Text] = volume.GetValueOrDefault(part.Miner.Text) + part.Price;
            }
        }

        var list = await MinerList.ReadAsync(new ListJournal(pool.Records), new MinerListFilter { Range = All });
        Assert.NotEmpty(list.Miners);
        Assert.Equal(
            last.Miners.InOrder.Select(one => $"{one.Name} {one.JobsCompleted} {one.LiveClaims} {one.Payout} {one.Mode} {string.Join(',', one.Models)} {volume.GetValueOrDefault(one.Name.Text)}").Order(StringComparer.Ordinal),
            list.Miners.Select(one => $"{one.Miner} {one.Proofs} {one.AtWork} {one.Payout} {one.Mode} {string.Join(',', one.Models)} {one.Volume}").Order(StringComparer.Ordinal));
        Assert.Equal(list.Miners.OrderByDescending(one => one.LastAt).Select(one => one.LastAt), list.Miners.Select(one => one.LastAt));
        Assert.All(list.Miners, one => Assert.Equal(one.AtWork > 0, one.Status == MinerListStatus.Working));

        var alone = await MinerList.ReadAsync(new ListJournal(pool.Records), new MinerListFilter { Miner = list.Miners[^1].Miner, Model = list.Miners[^1].Models[0], Status = list.Miners[^1].Status });
        Assert.Equal(list.Miners[^1].Miner, Assert.Single(alone.Miners).Miner);
        Assert.Empty((await MinerList.ReadAsync(new ListJournal(pool.Records), new MinerListFilter { Model = "no-such-model" })).Miners);
    }

    [Fact]
    public async Task A_journal_whose_records_do_not_follow_each_other_is_not_listed()
    {
        var records = RecordedPool.Read(RecordedPool.NameOf(2)).Records.ToList();
        records[5] = records[5] with { Previous = records[2].Hash };
        var broken = await Assert.ThrowsAsync<SwarmPoolException>(() => JobList.ReadAsync(new ListJournal(records), new JobListFilter()));
        Assert.Equal(ErrorCodes.JournalDamaged, broken.Code);
    }

    [Fact]
    public async Task An_empty_journal_has_empty_lists()
    {
        var journal = new ListJournal([]);
        Assert.Empty((await JobList.ReadAsync(journal, new JobListFilter())).Jobs);
        Assert.Empty((await EpochList.ReadAsync(journal, new EpochListFilter())).Epochs);
        Assert.Empty((await MinerList.ReadAsync(journal, new MinerListFilter())).Miners);
    }

    private static Transport.Cid? CidOf(PoolEvent e) => e switch
    {
        JobDecided decided => decided.Cid,
        JobFailed failed => failed.Cid,
        JobCancelled cancelled => cancelled.Cid,
        _ => null,
    };

    private static string Line(JobEntry job)
    {
        var status = job.Phase switch
        {
            JobPhase.Pending => JobListStatus.Waiting,
            JobPhase.Claimed => JobListStatus.Claimed,
            JobPhase.Completed => JobListStatus.Decided,
            JobPhase.Failed => JobListStatus.Failed,
            JobPhase.Expired => JobListStatus.Expired,
            _ => JobListStatus.Cancelled,
        };
        var miners = job.Proofs.Select(proof => proof.Miner).Concat(job.Leases.Select(lease => lease.Miner));
        return $"{job.Number} {job.Cid} {status} {job.Client} {job.JobType} {job.Model} {job.Price} {job.DeadlineMs} {job.Attempt} {(job.IsOpen || status == JobListStatus.Decided ? string.Join(',', miners) : "")} {job.FailReason} {(job.Epoch > 0 ? EpochAccount.IdOf(job.Epoch) : "")}";
    }

    // Of a job that failed the state has let the leases go; the list says who had it.
    private static string Line(ListedJob job) =>
        $"{job.Number} {job.Cid} {job.Status} {job.Client} {job.JobType} {job.Model} {job.Price} {job.Deadline} {job.Attempt} {(job.EndedAt is null || job.Status == JobListStatus.Decided ? string.Join(',', job.Miners) : "")} {job.Reason} {job.EpochId}";
}
