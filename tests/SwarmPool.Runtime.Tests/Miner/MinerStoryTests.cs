using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>What a miner does from its registration to the pool's acceptance of its proof.</summary>
public sealed class MinerStoryTests
{
    [Fact]
    public async Task RegistersClaimsRunsAndProves()
    {
        await using var stage = await new MinerStage().StartAsync();
        var job = await stage.Pool.StoreJobAsync(input: [1, 2, 3, 4]);
        await stage.Pool.AnnounceAsync(job);

        var proof = (ProofSnapshot)(await stage.Pool.ExpectAsync<ProofSnapshot>()).Body;
        await stage.Witness.ExpectAsync($"accepted {job.Cid} 1");

        Assert.Equal(job.Cid, proof.JobCid);
        Assert.Equal(ProofHash.Compute(job.Cid, 1, proof.Fence, proof.OutputCid, Cast.Alice), proof.ProofHash);
        Assert.Equal("{\"bytes\":4}"u8.ToArray(), stage.Net.Content[proof.OutputCid].ToArray());
        Assert.Equal("0.72", proof.Metrics.Confidence);
        var registration = (RegistrationSnapshot)(await stage.Pool.ExpectAsync<RegistrationSnapshot>()).Body;
        Assert.Equal(["queenbee-spine"], registration.Models);
        Assert.Equal(["Test CPU"], registration.Gpus);
    }

    [Fact]
    public async Task RepeatsTheSameClaimUntilItIsAnswered()
    {
        var stage = new MinerStage();
        await using var _ = stage;
        var claimsLost = 0;
        var answersLost = 0;
        stage.Net.Copies = (topic, _) =>
            (topic.EndsWith("/claims", StringComparison.Ordinal) && ++claimsLost <= 1)
            || (topic.EndsWith("/claims/accepted", StringComparison.Ordinal) && ++answersLost <= 2) ? 0 : 2;
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"accepted {job.Cid}");

        var claims = stage.Net.Published.Where(m => m.Topic.EndsWith("/claims", StringComparison.Ordinal)).ToList();
        Assert.True(claims.Count >= 3, $"{claims.Count} claims were sent");
        Assert.All(claims, c => Assert.Equal(claims[0].Payload.ToArray(), c.Payload.ToArray()));
        Assert.Single(stage.Backend.Runs);
    }

    [Fact]
    public async Task LeavesALostJobAndTakesTheNext()
    {
        await using var stage = new MinerStage();
        var lost = await stage.Pool.StoreJobAsync();
        var won = await stage.Pool.StoreJobAsync();
        stage.Pool.Answer = async heard =>
        {
            if (heard is ClaimSnapshot claim && claim.JobCid == lost.Cid)
            {
                await stage.Pool.GiveAsync(lost.Cid, Cast.Bob);
                return true;
            }

            return false;
        };
        await stage.StartAsync();
        await stage.Pool.AnnounceAsync(lost);
        await stage.Pool.AnnounceAsync(won);

        await stage.Witness.ExpectAsync($"lost {lost.Cid} {Cast.Bob}");
        await stage.Witness.ExpectAsync($"accepted {won.Cid}");
        Assert.Equal(0, stage.Witness.Count($"executing {lost.Cid}"));
    }

    [Fact]
    public async Task RegistersAgainWhenThePoolDoesNotKnowIt()
    {
        await using var stage = new MinerStage();
        var refusals = 0;
        stage.Pool.Answer = async heard =>
        {
            if (heard is ClaimSnapshot claim && refusals++ == 0)
            {
                await stage.Pool.RefuseClaimAsync(claim, ErrorCodes.NotRegistered);
                return true;
            }

            return false;
        };
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);

        await stage.Witness.ExpectAsync($"accepted {job.Cid}");
        Assert.Equal(2, stage.Witness.Count("registered"));
    }

    [Fact]
    public async Task WaitsWhenThePoolAsksItToCoolDown()
    {
        await using var stage = new MinerStage();
        var refused = 0;
        stage.Pool.Answer = async heard =>
        {
            if (heard is ClaimSnapshot claim && refused++ == 0)
            {
                await stage.Pool.RefuseClaimAsync(claim, ErrorCodes.CoolDown);
                return true;
            }

            return false;
        };
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);

        await stage.Witness.ExpectAsync($"claim refused {ErrorCodes.CoolDown}");
        await Task.Delay(Patience.Short);
        Assert.Equal(1, stage.Pool.Count<ClaimSnapshot>());
        await stage.Witness.ExpectAsync($"accepted {job.Cid}");
    }

    [Fact]
    public async Task GivesBackWhatItsBackendCantDo()
    {
        await using var stage = new MinerStage();
        stage.Backend.During = (_, _) => throw new InvalidOperationException("out of memory");
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);

        var release = (ReleaseSnapshot)(await stage.Pool.ExpectAsync<ReleaseSnapshot>()).Body;
        Assert.Equal("failed", release.Reason);
        await stage.Witness.ExpectAsync($"released {job.Cid} failed");

        // Its next attempt is for others: a job that can't be done here costs one strike, not one after the other.
        await stage.Pool.EndClaimAsync(job.Cid, Cast.Alice, "failed");
        await stage.Pool.AnnounceAsync(job, attempt: 2);
        var other = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(other);
        await stage.Witness.ExpectAsync($"released {other.Cid} failed");
        Assert.Equal(1, stage.Pool.Count<ClaimSnapshot>(claim => claim.JobCid == job.Cid));
        Assert.Equal(0, stage.Pool.Count<ProofSnapshot>());
    }

    [Fact]
    public async Task SaysWhyItGivesAJobBackInOneLineThatNamesNoFileOfItsMachine()
    {
        await using var stage = new MinerStage();
        stage.Backend.During = (_, _) => throw new InferenceException("2 models can't be used:\n  one: /home/alice/m.onnx is no model\u202e\n  two: " + new string('x', 300));
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);

        var release = (ReleaseSnapshot)(await stage.Pool.ExpectAsync<ReleaseSnapshot>()).Body;
        Assert.StartsWith("2 models can't be used: · one: (a file) is no model  · two: xxx", release.Detail, StringComparison.Ordinal);
        Assert.Equal(200, release.Detail!.Length);
    }

    [Fact]
    public async Task SaysNoMoreWhenItOnlyStops()
    {
        await using var stage = new MinerStage();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stage.Backend.During = async (_, stop) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        };
        await stage.StartAsync();
        await stage.Pool.AnnounceAsync(await stage.Pool.StoreJobAsync());
        await begun.Task.WaitAsync(Patience.Long);
        await stage.StopAsync();
        var release = (ReleaseSnapshot)(await stage.Pool.ExpectAsync<ReleaseSnapshot>()).Body;
        Assert.Equal(("released", null), (release.Reason, release.Detail));
    }

    [Fact]
    public async Task DoesNotRunAJobThatItsClientDidNotSign()
    {
        await using var stage = await new MinerStage().StartAsync();
        var job = await stage.Pool.StoreJobAsync(signedBy: Cast.Mallory);
        await stage.Pool.AnnounceAsync(job);

        var release = (ReleaseSnapshot)(await stage.Pool.ExpectAsync<ReleaseSnapshot>()).Body;
        Assert.Equal("failed", release.Reason);
        Assert.Empty(stage.Backend.Runs);
    }

    [Fact]
    public async Task IsDoneWithAReplicaWhoseJobIsNotDecidedYet()
    {
        await using var stage = new MinerStage();
        stage.Pool.Answer = async heard =>
        {
            if (heard is ProofSnapshot proof)
            {
                await stage.Pool.AcceptProofAsync(proof, stage.Pool.Heard.Last(h => h.Body == heard).Cid, decided: false);
                return true;
            }

            return false;
        };
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"accepted {job.Cid} 1");

        // The pool still lists the job, for another miner's replica: this one has had its part.
        await stage.Pool.PublishAsync(stage.Pool.State([ScriptedPool.Waiting(job)]));
        await Task.Delay(Patience.Short);
        Assert.Equal(1, stage.Pool.Count<ClaimSnapshot>());
    }

    [Fact]
    public async Task DoesAJobThatThePoolGaveItUnasked()
    {
        await using var stage = await new MinerStage().StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        var gift = stage.Pool.Accepted(job.Cid, Cast.Alice);
        await stage.Pool.PublishAsync(gift);
        await stage.Witness.ExpectAsync($"accepted {job.Cid}");

        await stage.Pool.PublishAsync(gift);
        await Task.Delay(Patience.Short);
        Assert.Single(stage.Backend.Runs);
        Assert.Equal(0, stage.Pool.Count<ClaimSnapshot>());
    }

    [Fact]
    public async Task NamesItsClaimInHeartbeatsWhileItWorks()
    {
        await using var stage = new MinerStage();
        stage.Pool.Lease = TimeSpan.FromSeconds(1.2);
        var done = new TaskCompletionSource();
        stage.Backend.During = (_, token) => done.Task.WaitAsync(token);
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);

        var first = (HeartbeatSnapshot)(await stage.Pool.ExpectAsync<HeartbeatSnapshot>(beat => beat.CurrentJob is not null)).Body;
        var second = (HeartbeatSnapshot)(await stage.Pool.ExpectAsync<HeartbeatSnapshot>(beat => beat.CurrentJob is not null, nth: 2)).Body;
        done.SetResult();

        Assert.Equal("busy", first.Status);
        Assert.Equal(job.Cid, first.CurrentJob);
        Assert.Equal(1, first.Fence);
        Assert.Equal(50, first.Progress);
        Assert.True(second.Timestamp > first.Timestamp, "a heartbeat must be newer than the last");
        await stage.Witness.ExpectAsync($"accepted {job.Cid}");
    }

    [Fact]
    public async Task RefusesToStartWithAKeyThatIsNotItsNames()
    {
        await using var stage = new MinerStage(key: Cast.Mallory);
        var wrong = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Miner.PrepareAsync(CancellationToken.None));
        Assert.Equal(ErrorCodes.KeyNotOfName, wrong.Code);

        await using var nobody = new MinerStage(o => o.MinerEns = "nobody.eth");
        var unknown = await Assert.ThrowsAsync<SwarmPoolException>(() => nobody.Miner.PrepareAsync(CancellationToken.None));
        Assert.Equal(ErrorCodes.OwnNameUnknown, unknown.Code);
    }

    [Fact]
    public async Task RefusesToStartForAPoolThatHasNoNameAndTellsAllThatIsWrongAtOnce()
    {
        await using var stage = new MinerStage(o => (o.PoolEns, o.Models) = ("nopool.eth", ["other"]));
        var wrong = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Miner.PrepareAsync(CancellationToken.None));
        var told = StartupErrors.Describe(wrong);
        Assert.Contains(told, line => line.StartsWith("SP1209: The pool's name nopool.eth is not known on local: it is in no list.", StringComparison.Ordinal));
        Assert.Contains(told, line => line.StartsWith("SP5101: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task APoolsNameThatCannotBeLookedUpNowKeepsNoMinerFromStarting()
    {
        await using var stage = new MinerStage();
        stage.Cast.Instead[Cast.Pool] = IdentityAnswer.Unavailable(TimeSpan.FromSeconds(1), "no node answers");
        await stage.Miner.PrepareAsync(CancellationToken.None);
    }

    [Fact]
    public async Task RefusesToStartWithAModelThatItsBackendLacks()
    {
        await using var stage = new MinerStage(o => o.Models = ["other"]);
        var problem = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Miner.PrepareAsync(CancellationToken.None));
        Assert.Equal(ErrorCodes.InferenceUnusable, problem.Code);
        Assert.Contains("other", problem.Message, StringComparison.Ordinal);
        Assert.Contains("queenbee-spine", problem.Message, StringComparison.Ordinal);
    }
}
