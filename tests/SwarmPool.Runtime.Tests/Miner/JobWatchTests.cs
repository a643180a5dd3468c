using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>Which jobs a miner would try, and in which order.</summary>
public sealed class JobWatchTests
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly JobEventDispatcher desk = new();
    private readonly JobWatch watch;

    public JobWatchTests() => watch = new JobWatch(
        Cast.Alice, new JobFilter([new ModelDescription("m", new string('a', 64), ["t"])], 1000), desk, new ClaimPause(time), new SilentMinerObserver(), new PoolClock(time), time);

    [Fact]
    public async Task TakesTheOldestFirstAndEachOnce()
    {
        for (var i = 1; i <= 3; i++)
        {
            watch.Offer(Item(i), i);
            watch.Offer(Item(i), i);
        }

        Assert.Equal([Id(1), Id(2), Id(3)], [await Next(), await Next(), await Next()]);
        Assert.Equal(0, watch.Count);
    }

    [Fact]
    public async Task HoldsNoMoreThanItsCapacityAndKeepsTheOldest()
    {
        for (var i = 0; i < JobWatch.Capacity + 50; i++)
        {
            watch.Offer(Item(i), 1);
        }

        Assert.Equal(JobWatch.Capacity, watch.Count);
        Assert.Equal(Id(0), await Next());
    }

    [Fact]
    public void A_clients_flood_of_ten_times_the_capacity_leaves_another_client_its_share()
    {
        for (var i = 0; i < 10 * JobWatch.Capacity; i++)
        {
            watch.Offer(Item(i), 1);
        }

        var honest = EnsName.Parse("honest.eth");
        for (var i = 0; i < 100; i++)
        {
            watch.Offer(Item(1_000_000 + i) with { Client = honest }, 1);
        }

        Assert.Equal(JobWatch.Capacity, watch.Count);
        Assert.Equal(100, Enumerable.Range(0, JobWatch.Capacity).Count(_ => watch.TakeAsync(CancellationToken.None).Result.Client == honest));
    }

    [Fact]
    public void LooksAtTheKindOfAJobAndAtItsInputBeforeItClaims()
    {
        Assert.False(watch.Offer(Item(1) with { JobType = "text" }, 1));
        Assert.False(watch.Offer(Item(2) with { Model = "other" }, 1));
        Assert.False(watch.Offer(Item(3) with { InputBytes = 1001 }, 1));
        Assert.True(watch.Offer(Item(4) with { InputBytes = 1000 }, 1));
        Assert.Equal((1, 3L), (watch.Count, watch.ForeignJobs));
    }

    [Fact]
    public void LeavesWhatPaysLessOrAsksForMoreAndLooksAtItsPageAgain()
    {
        var offer = new ModelOffer("m") { MemoryBytes = 10 };
        var choosy = new JobWatch(
            Cast.Alice, new JobFilter([new ModelDescription("m", new string('a', 64), ["t"])], 1000, model => model == "m" ? offer : null, Usdc.Parse("0.5")),
            desk, new ClaimPause(time), new SilentMinerObserver(), new PoolClock(time), time);
        Assert.True(choosy.Offer(Item(1) with { Reward = Usdc.Parse("0.499999") }, 1));
        Assert.True(choosy.Offer(Item(2) with { Needs = new JobNeeds { MemoryBytes = 11 } }, 1));
        Assert.Equal((0, 2L, 0L), (choosy.Count, choosy.UnfitJobs, choosy.ForeignJobs));
        Assert.True(choosy.Offer(Item(3) with { Reward = Usdc.Parse("0.5"), Needs = new JobNeeds { MemoryBytes = 10 } }, 1));
        Assert.Equal((1, 2L), (choosy.Count, choosy.UnfitJobs));
    }

    [Fact]
    public async Task ServesFirstWhomItWorkedForAndLastWhoseJobsFailHere()
    {
        var (good, bad) = (EnsName.Parse("good.eth"), EnsName.Parse("bad.eth"));
        watch.Offer(Item(1) with { Client = bad }, 1);
        Assert.Equal(Id(1), await Next());
        watch.LeaveToOthers(Id(1));
        watch.Offer(Item(2) with { Client = good }, 2);
        Assert.Equal(Id(2), await Next());
        watch.Hear(Said(new ProofsAccepted { Items = [new ProofAcceptedItem(Id(2), Id(20), Id(21), 1, Cast.Alice, "epoch-1", true)], FromSequence = 3, ToSequence = 3, Pool = Cast.Pool, Network = "local", Timestamp = 0, Nonce = "" }));

        watch.Offer(Item(3) with { Client = bad }, 4);
        watch.Offer(Item(4), 5);
        watch.Offer(Item(5) with { Client = good }, 6);
        Assert.Equal([Id(5), Id(4), Id(3)], [await Next(), await Next(), await Next()]);
    }

    [Fact]
    public async Task WaitsWithAJobThatIsKeptForOthersAndTakesAnotherMeanwhile()
    {
        watch.Offer(Item(1), 1);
        watch.PutBackForLater(await watch.TakeAsync(CancellationToken.None));
        watch.Offer(Item(2) with { Client = EnsName.Parse("another.eth") }, 2);
        Assert.Equal(Id(2), await Next());
        var next = Next();
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Id(1), await next);
    }

    [Fact]
    public async Task SkipsAJobWhoseDeadlinePassedWhileItWaited()
    {
        watch.Offer(Item(1, seconds: 10), 1);
        watch.Offer(Item(2, seconds: 100), 1);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(Id(2), await Next());
    }

    [Fact]
    public async Task Who_claims_a_job_and_gives_it_back_does_not_put_it_behind_what_came_later()
    {
        for (var i = 1; i <= 3; i++)
        {
            watch.Offer(Item(i), i);
        }

        watch.Hear(Said(new ClaimsAccepted { Items = [Claim(1, Cast.Bob)], FromSequence = 4, ToSequence = 4, Pool = Cast.Pool, Network = "local", Timestamp = 0, Nonce = "" }));
        watch.Offer(Item(1, attempt: 2), 5);
        watch.Offer(Item(2, attempt: 2), 6);
        Assert.Equal([Id(1), Id(2), Id(3)], [await Next(), await Next(), await Next()]);
    }

    [Fact]
    public async Task What_waits_of_a_client_goes_back_with_it_when_a_job_of_it_could_not_be_done()
    {
        var (bad, late) = (EnsName.Parse("bad.eth"), EnsName.Parse("late.eth"));
        for (var i = 1; i <= 3; i++)
        {
            watch.Offer(Item(i) with { Client = bad }, i);
        }

        watch.Offer(Item(4) with { Client = late }, 4);
        Assert.Equal(Id(1), await Next());
        watch.LeaveToOthers(Id(1));
        Assert.Equal([Id(4), Id(2), Id(3)], [await Next(), await Next(), await Next()]);
    }

    [Fact]
    public void DropsWhatOthersTookAndWhatIsOver()
    {
        for (var i = 1; i <= 4; i++)
        {
            watch.Offer(Item(i), 1);
        }

        watch.Hear(Said(new ClaimsAccepted { Items = [Claim(1, Cast.Bob)], FromSequence = 5, ToSequence = 5, Pool = Cast.Pool, Network = "local", Timestamp = 0, Nonce = "" }));
        watch.Hear(Said(new JobsFailed { Items = [new JobFailedItem(Id(2), Cast.Clinic, "expired", 1)], FromSequence = 6, ToSequence = 6, Pool = Cast.Pool, Network = "local", Timestamp = 0, Nonce = "" }));
        watch.Hear(Said(new JobsCancelled { Items = [new JobCancelledItem(Id(3), Cast.Clinic)], FromSequence = 7, ToSequence = 7, Pool = Cast.Pool, Network = "local", Timestamp = 0, Nonce = "" }));
        Assert.Equal(1, watch.Count);

        // A late copy of the first announcement brings none of them back.
        watch.Offer(Item(1), 1);
        watch.Offer(Item(2), 1);
        watch.Offer(Item(3), 1);
        Assert.Equal(1, watch.Count);
    }

    [Fact]
    public async Task TakesAnotherReplicaThatThePoolStillLists()
    {
        watch.Offer(Item(1), 1);
        watch.Hear(Said(new ClaimsAccepted { Items = [Claim(1, Cast.Bob)], FromSequence = 5, ToSequence = 5, Pool = Cast.Pool, Network = "local", Timestamp = 0, Nonce = "" }));
        watch.Offer(Item(1), 4);
        Assert.Equal(0, watch.Count);
        watch.Offer(Item(1), 6);
        Assert.Equal(Id(1), await Next());
    }

    [Fact]
    public async Task AnAttemptThatWasRefusedComesBackOnlyAsTheNext()
    {
        watch.CloseAttempt(Id(1), 1);
        watch.Offer(Item(1), 100);
        Assert.Equal(0, watch.Count);
        watch.Offer(Item(1, attempt: 2), 101);
        Assert.Equal(Id(1), await Next());
    }

    [Fact]
    public async Task LeavesToOthersForAWhileWhatCouldNotBeDoneHere()
    {
        watch.Offer(Item(1, attempt: 2), 1);
        watch.LeaveToOthers(Id(1));
        watch.Offer(Item(1, attempt: 3), 2);
        Assert.Equal(0, watch.Count);

        time.Advance(TimeSpan.FromSeconds(61));
        watch.Offer(Item(1, attempt: 3), 3);
        Assert.Equal(Id(1), await Next());
    }

    [Fact]
    public async Task AQueuedCheckIsNotTakenForALostClaimAndWaitsForTheRaceThatItsMinerIsIn()
    {
        var race = new ClaimSession(Id(1), 1, Cast.Alice);
        Assert.True(desk.TryOpen(Id(1), race));
        watch.Hear(Said(new ChecksNew
        {
            Items = [new CheckNewItem(Id(1), 1, Cast.Alice, 9, CheckKinds.Run, long.MaxValue / 2, long.MaxValue / 2, "m", "t"), new CheckNewItem(Id(2), 1, Cast.Bob, 10, CheckKinds.Run, 1, 1, "m", "t")],
            FromSequence = 1,
            ToSequence = 1,
            Pool = Cast.Pool,
            Network = "local",
            Timestamp = 0,
            Nonce = "",
        }));
        watch.Hear(Said(new ClaimsAccepted { Items = [Claim(1, Cast.Bob)], FromSequence = 2, ToSequence = 2, Pool = Cast.Pool, Network = "local", Timestamp = 0, Nonce = "" }));
        var next = watch.TakeAsync(CancellationToken.None);
        Assert.False(next.IsCompleted);

        desk.Close(Id(1));
        watch.Wake();
        var check = await next.WaitAsync(Patience.Long);
        Assert.Equal((Id(1), 9L, true), (check.Job, check.Held!.Fence, check.Held.Commit));
        Assert.Equal(0, watch.Count);
    }

    private async Task<Cid> Next() => (await watch.TakeAsync(CancellationToken.None).WaitAsync(Patience.Long)).Job;

    private JobNewItem Item(int number, int attempt = 1, int seconds = 600) => new(
        Id(number), Cast.Clinic, "t", "m", Usdc.Parse("1"), attempt, time.GetUtcNow().ToUnixTimeSeconds() + seconds, 1);

    private static ClaimAcceptedItem Claim(int number, SwarmPool.Identity.EnsName miner) => new(Id(number), 1, miner, number, 1, 1);

    private static Snapshot Said(Snapshot announcement) => announcement with { Nonce = Nonce.FromRandom() };

    private static Cid Id(int number) => new(Cid.RawCodec, SHA256.HashData(BitConverter.GetBytes(number)));
}
