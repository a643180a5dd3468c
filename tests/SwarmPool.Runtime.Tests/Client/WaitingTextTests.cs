using System.Security.Cryptography;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Client;

/// <summary>Why a job waits, where it stands and for how long, as a client is told.</summary>
public sealed class WaitingTextTests
{
    private static readonly Cid Job = new(Cid.RawCodec, SHA256.HashData([1]));
    private static readonly JobNewItem Item = new(Job, Cast.Clinic, "t", "m", Usdc.Parse("0.02"), 1, 1, 0)
    {
        Needs = new JobNeeds { MemoryBytes = 24_000_000_000 },
        Match = new JobMatch(3) { Memory = 0, AskMore = 2 },
    };

    [Theory]
    [InlineData(0, null, "Place 4 of the jobs that wait for m. No registered miner can do the job now, so it waits: 3 have the model, 0 have 24 GB, 2 ask more than 0.02.")]
    [InlineData(2, null, "Place 4 of the jobs that wait for m; no miner has measured how long one takes. 3 have the model, 0 have 24 GB, 2 ask more than 0.02.")]
    [InlineData(2, 119L, "Place 4 of the jobs that wait for m; about 119 s until a miner begins it. 3 have the model, 0 have 24 GB, 2 ask more than 0.02.")]
    [InlineData(2, 121L, "Place 4 of the jobs that wait for m; about 3 min until a miner begins it. 3 have the model, 0 have 24 GB, 2 ask more than 0.02.")]
    [InlineData(2, 7201L, "Place 4 of the jobs that wait for m; about 3 h until a miner begins it. 3 have the model, 0 have 24 GB, 2 ask more than 0.02.")]
    public void Place_wait_and_why_are_said_in_words(int miners, long? wait, string said)
    {
        var steps = WaitingText.StepsOf(Item with { Miners = miners, Queue = new JobQueue(4) { WaitSeconds = wait } }).ToList();
        Assert.Equal([miners == 0 ? JobStage.NoMiner : JobStage.Waiting, JobStage.Queued], steps.Select(static step => step.Stage));
        Assert.Equal((said, Item.Match, new JobQueue(4) { WaitSeconds = wait }), (steps[1].Text, steps[1].Match, steps[1].Queue!));
    }

    [Fact]
    public void Without_counts_it_is_said_as_before()
    {
        Assert.Equal(["No registered miner offers the model m yet; the job waits."], WaitingText.StepsOf(Item with { Match = null }).Select(static step => step.Text));
        Assert.Equal(["The pool has the job; 2 miners offer m."], WaitingText.StepsOf(Item with { Match = null, Miners = 2 }).Select(static step => step.Text));
    }

    [Fact]
    public async Task A_place_is_told_as_often_as_it_changes_and_not_once_a_miner_has_the_job()
    {
        var course = new JobTracker(Job, replicas: 1);
        foreach (var place in new[] { 3, 3, 2 })
        {
            course.OnWaiting(Item with { Queue = new JobQueue(place) });
        }

        Assert.True(course.IsWaiting);
        course.OnClaimed(new ClaimAcceptedItem(Job, 1, Cast.Alice, 1, 1, 1));
        course.OnWaiting(Item with { Queue = new JobQueue(1) });
        Assert.False(course.IsWaiting);
        course.OnCancelled(new JobCancelledItem(Job, Cast.Clinic));
        var told = new List<(JobStage, long?)>();
        await foreach (var step in course.Progress)
        {
            told.Add((step.Stage, step.Queue?.Place));
        }

        Assert.Equal([(JobStage.NoMiner, null), (JobStage.Queued, 3), (JobStage.Queued, 2), (JobStage.Claimed, null)], told);
    }

    [Fact]
    public async Task A_place_that_changes_for_ever_hides_nothing_that_comes_after()
    {
        var course = new JobTracker(Job, replicas: 1);
        for (var place = 1; place < 3_000; place++)
        {
            course.OnWaiting(Item with { Queue = new JobQueue(place) });
        }

        course.OnClaimed(new ClaimAcceptedItem(Job, 1, Cast.Alice, 1, 1, 1));
        Assert.Equal(JobStage.Claimed, course.Latest!.Stage);
        await Task.CompletedTask;
    }

    /// <summary>The pool says a place to who asks: a client that nobody serves at once asks soon.</summary>
    [Fact]
    public async Task A_job_that_waits_is_asked_for_soon_and_its_place_told()
    {
        await using var stage = await new ClientStage(static options => options.RepeatSeconds = 300).StartAsync();
        var heard = 0;
        stage.Pool.Answer = async body =>
        {
            var item = ScriptedPool.Waiting(stage.Pool.Heard.Last(one => one.Body == body), miners: 0) with { Match = new JobMatch(1) { AskMore = 1 } };
            await stage.Pool.PublishAsync(stage.Pool.Fill(new JobsNew
            {
                Items = [Interlocked.Increment(ref heard) == 1 ? item : item with { Queue = new JobQueue(7) }],
                FromSequence = 0,
                ToSequence = 0,
                Pool = default,
                Network = "",
                Timestamp = 0,
                Nonce = "",
            }));
            return true;
        };
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec with { Needs = new JobNeeds { Device = "cuda" } });
        using var limit = new CancellationTokenSource(Patience.Long);
        await foreach (var step in handle.Progress.WithCancellation(limit.Token))
        {
            if (step.Stage == JobStage.Queued)
            {
                Assert.Equal("Place 7 of the jobs that wait for queenbee-spine. No registered miner can do the job now, so it waits: 1 has the model, 1 asks more than 0.1.", step.Text);
                Assert.Equal(new JobNeeds { Device = "cuda" }, ((JobSnapshot)stage.Pool.Heard.First().Body).Needs);
                return;
            }
        }

        Assert.Fail("The client was not told.");
    }
}
