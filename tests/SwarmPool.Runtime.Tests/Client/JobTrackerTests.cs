using System.Security.Cryptography;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Client;

/// <summary>What a client tells of its job, whatever the order in which it hears it.</summary>
public sealed class JobTrackerTests
{
    private static readonly Cid Job = new(Cid.RawCodec, SHA256.HashData([1]));

    [Fact]
    public async Task AJobThatIsAtWorkIsNotSaidToWait()
    {
        var course = new JobTracker(Job, replicas: 1);
        course.OnClaimed(new ClaimAcceptedItem(Job, 1, Cast.Alice, 1, 1, 1));
        course.OnWaiting(Waiting(attempt: 1));
        course.OnWaiting(Waiting(attempt: 2));
        course.OnCancelled(new JobCancelledItem(Job, Cast.Clinic));

        var told = new List<(JobStage, int)>();
        await foreach (var step in course.Progress)
        {
            told.Add((step.Stage, step.Attempt));
        }

        Assert.Equal([(JobStage.Waiting, 1), (JobStage.Claimed, 1), (JobStage.Waiting, 2)], told);
        Assert.True(course.Answered.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(LeaseEndReasons.Failed, "could not do it and gave it back; its own screen and log say why (failed).")]
    [InlineData(LeaseEndReasons.Released, "stops and gave it back (released).")]
    [InlineData(LeaseEndReasons.Timeout, "gave no proof in time (timeout).")]
    public void AnAttemptThatEndedSaysWhoseDoingItWasAndWhereMoreIsTold(string reason, string said)
    {
        var course = new JobTracker(Job, replicas: 1);
        course.OnClaimEnded(new ClaimTimeoutItem(Job, 1, Cast.Alice, reason));
        Assert.Equal($"{Cast.Alice} {said}", course.Latest!.Text);
    }

    [Theory]
    [InlineData("input is no PNG.", "No proof: failed (miner.alice.eth: input is no PNG).")]
    [InlineData("no room", "No proof: failed (miner.alice.eth: no room).")]
    public async Task WhatTheMinerSaysOfWhyIsToldWhenTheAttemptEndsAndWhenTheJobDoes(string why, string said)
    {
        var course = new JobTracker(Job, replicas: 1);
        course.OnClaimEnded(new ClaimTimeoutItem(Job, 1, Cast.Alice, LeaseEndReasons.Failed) { Detail = why });
        Assert.Equal((said, why), (course.Latest!.Text, course.Latest.Detail));

        course.OnFailed(new JobFailedItem(Job, Cast.Clinic, JobFailReasons.MaxAttempts, 1) { Miner = Cast.Alice, Detail = why });
        var failed = await Assert.ThrowsAsync<JobFailedException>(() => course.Completion);
        Assert.Equal((Cast.Alice, why), (failed.Miner!.Value, failed.Detail));
        Assert.Contains(said, failed.Message, StringComparison.Ordinal);
    }

    private static JobNewItem Waiting(int attempt) => new(Job, Cast.Clinic, "t", "m", Usdc.Parse("1"), attempt, 1, 1);
}
