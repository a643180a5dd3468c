using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Rules;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>Where a waiting job stands, and how long that may be.</summary>
public sealed class QueueRulesTests
{
    private readonly Bench bench = new(Bench.DefaultSettings with { ClaimsPerMiner = 100 });

    [Fact]
    public void A_place_is_one_more_than_the_jobs_before_it_that_wait_for_the_same_model()
    {
        var jobs = Enumerable.Range(0, 3).Select(_ => Job()).ToList();
        var other = Job("another");
        Assert.Equal([1, 2, 3, 1], [.. jobs.Append(other).Select(job => Of(job).Place)]);
        var miner = bench.Miner(1);
        var fence = bench.Claim(jobs[1], miner);
        Assert.Equal([1, 2], [Of(jobs[0]).Place, Of(jobs[2]).Place]);
        Bench.Accepted(bench.Send(bench.Messages.Release(jobs[1], miner, fence)));
        Assert.Equal([1, 2, 3], [.. jobs.Select(job => Of(job).Place)]);
        Bench.Accepted(bench.Send(bench.Messages.Cancel(jobs[0])));
        Assert.Equal([1, 2], [.. jobs.Skip(1).Select(job => Of(job).Place)]);
    }

    [Fact]
    public void The_wait_is_by_what_the_miners_that_could_do_it_measured()
    {
        var miner = Worked(1, 4_000);
        Assert.Equal(0, Of(Job()).WaitSeconds); // It is free.
        var held = bench.State.Jobs.InOrder().First(job => job.Phase == JobPhase.Pending).Cid;
        bench.Claim(held, miner);
        Assert.Equal(4, Of(Job()).WaitSeconds);
        Assert.Equal(8, Of(Job()).WaitSeconds);

        // A second one, twice as fast: together three jobs in four seconds, and one place more.
        Worked(2, 2_000);
        Assert.Equal(3, Of(Job()).WaitSeconds); // Two have to be done first, at three in four seconds.
    }

    [Fact]
    public void Nobody_who_measured_is_no_estimate_and_who_measured_stands_for_those_who_did_not()
    {
        bench.Miner(1);
        Job();
        Assert.Null(Of(Job()).WaitSeconds);
        Worked(2, 10_000);
        Job();
        Assert.Equal((4L, (long?)10), (Of(Job()).Place, Of(Last()).WaitSeconds)); // Three before, two miners: two jobs in ten seconds, two to be done.
    }

    [Fact]
    public void The_longest_queues_are_told_by_the_names_that_jobs_use()
    {
        var pack = Messages.AnyCid("a pack");
        var bound = new Bench(Bench.DefaultSettings with { Models = [.. Enumerable.Range(0, 40).Select(i => new PoolModel($"m{i:D2}", i == 0 ? pack : Messages.AnyCid($"{i}")))] });
        for (var i = 0; i < 40; i++)
        {
            for (var n = 0; n <= i % 5; n++)
            {
                Bench.Accepted(bound.Send(bound.Messages.Job(model: $"m{i:D2}")));
            }
        }

        Bench.Accepted(bound.Send(bound.Messages.Job(model: pack.ToString()) with { Deadline = (bound.At / 1000) + 9 }));
        var longest = QueueRules.Longest(bound.State);
        Assert.Equal(ModelQueueItem.Most, longest.Count);
        Assert.Equal(new ModelQueueItem("m04", 5, 0, 0), longest[0]);
        Assert.All(longest.Zip(longest.Skip(1)), static pair => Assert.True(pair.First.Waiting >= pair.Second.Waiting));
        Assert.Empty(QueueRules.Longest(new Bench().State));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Numbers_know_how_many_are_before_them(int seed)
    {
        var random = new Random(seed);
        var (numbers, naive) = (new SortedNumbers(), new SortedSet<long>());
        for (var i = 0; i < 6_000; i++)
        {
            var number = i < 3_000 ? i : random.Next(5_000);
            if (i >= 3_000 && naive.Remove(number))
            {
                numbers.Remove(number);
            }
            else if (naive.Add(number))
            {
                numbers.Add(number);
            }

            if (i % 50 == 0)
            {
                var asked = random.Next(5_000);
                Assert.Equal((naive.Count, naive.Count(one => one < asked)), (numbers.Count, numbers.CountBelow(asked)));
            }
        }

        foreach (var number in naive)
        {
            numbers.Remove(number);
        }

        Assert.Equal((0, 0), (numbers.Count, numbers.CountBelow(10_000)));
    }

    private JobQueue Of(Cid job) => QueueRules.Of(bench.State, bench.State.Jobs[job], MatchingRules.Of(bench.State, JobWants.Of(bench.State.Jobs[job])));

    private Cid Last() => bench.State.Jobs.InOrder().Last().Cid;

    private Cid Job(string model = Messages.Model)
    {
        Bench.Accepted(bench.Send(bench.Messages.Job(model: model)));
        return Last();
    }

    private EnsName Worked(int number, long ms)
    {
        var miner = bench.Miner(number);
        var job = Bench.Signed(bench.Messages.Job(model: Messages.Model));
        Bench.Accepted(bench.Send(job));
        Bench.Accepted(bench.Prove(job.Cid, miner, bench.Claim(job.Cid, miner)));
        bench.At += 1_000;
        Bench.Accepted(bench.Send(bench.Messages.Registration(miner, MiningMode.PPS) with { Offers = [new ModelOffer(Messages.Model) { JobMilliseconds = ms }] }));
        return miner;
    }
}
