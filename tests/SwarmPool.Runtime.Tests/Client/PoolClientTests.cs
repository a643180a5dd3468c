using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Client;

/// <summary>A job's course from its submission to its checked output, or to the reason why there is none.</summary>
public sealed class PoolClientTests
{
    [Fact]
    public async Task Pitfall21_ListensBeforeItPublishesAndOutwaitsAnyClaim()
    {
        await using var stage = await new ClientStage().StartAsync();
        var listened = false;
        stage.Net.Copies = (topic, _) =>
        {
            listened |= topic == "/swarmpool.eth/jobs" && stage.Net.HasSubscriber("/swarmpool.eth/proofs/accepted");
            return 1;
        };
        stage.Pool.Answer = Prove(stage, Cast.Alice);
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        var result = await handle.Completion.WaitAsync(Patience.Long);

        Assert.True(listened, "the job was published before the client listened for its proof");
        Assert.Equal("{\"label\":7}"u8.ToArray(), result.Output.ToArray());
        Assert.Equal(handle.JobCid, result.JobCid);
        Assert.Equal(Cast.Alice, result.Miner);
        Assert.Equal("epoch-7", result.EpochId);
        Assert.Equal("1.5", result.Proof.Metrics.InferenceSeconds);
        Assert.True(stage.Net.Content.ContainsKey(handle.JobCid), "the job is not stored");
    }

    [Fact]
    public async Task AsksAgainWhenTheAnswerGotLost()
    {
        await using var stage = await new ClientStage().StartAsync();
        var lost = 0;
        stage.Net.Copies = (topic, _) => topic.EndsWith("/proofs/accepted", StringComparison.Ordinal) && ++lost <= 2 ? 0 : 2;
        stage.Pool.Answer = async heard =>
        {
            await stage.Pool.AnnounceAsync(stage.Pool.Heard.Last(h => h.Body == heard));
            return await Prove(stage, Cast.Alice)(heard);
        };
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        await handle.Completion.WaitAsync(Patience.Long);

        var sent = stage.Net.Published.Where(m => m.Topic == "/swarmpool.eth/jobs").ToList();
        Assert.True(sent.Count >= 2, "the job was not repeated");
        Assert.All(sent, m => Assert.Equal(sent[0].Payload.ToArray(), m.Payload.ToArray()));
    }

    [Fact]
    public async Task TellsThatNoMinerOffersTheModel()
    {
        await using var stage = await new ClientStage().StartAsync();
        stage.Pool.Answer = async heard =>
        {
            await stage.Pool.AnnounceAsync(stage.Pool.Heard.Last(h => h.Body == heard), miners: 0);
            return true;
        };
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        using var limit = new CancellationTokenSource(Patience.Long);
        await foreach (var step in handle.Progress.WithCancellation(limit.Token))
        {
            if (step.Stage == JobStage.NoMiner)
            {
                Assert.Contains("queenbee-spine", step.Text, StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail("The client was not told.");
    }

    [Fact]
    public async Task FailsWithThePoolsRefusal()
    {
        await using var stage = await new ClientStage().StartAsync();
        stage.Pool.Answer = async heard =>
        {
            await RefuseAsync(stage, heard, "job", ErrorCodes.AmountOverCap);
            return true;
        };
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        var refused = await Assert.ThrowsAsync<JobRejectedException>(() => handle.Completion.WaitAsync(Patience.Long));
        Assert.Equal(ErrorCodes.AmountOverCap, refused.Code);
    }

    [Fact]
    public async Task KeepsAskingWhenThePoolIsFullForNow()
    {
        await using var stage = await new ClientStage().StartAsync();
        var refusals = 0;
        stage.Pool.Answer = async heard =>
        {
            if (refusals++ == 0)
            {
                await RefuseAsync(stage, heard, "job", ErrorCodes.PoolFull);
                return true;
            }

            return await Prove(stage, Cast.Alice)(heard);
        };
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        await handle.Completion.WaitAsync(Patience.Long);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("max_attempts")]
    [InlineData("no_agreement")]
    public async Task FailsWhenThePoolSaysSo(string reason)
    {
        await using var stage = await new ClientStage().StartAsync();
        stage.Pool.Answer = async heard =>
        {
            await stage.Pool.PublishAsync(stage.Pool.Fill(new JobsFailed
            {
                Items = [new JobFailedItem(CidOf(stage, heard), Cast.Clinic, reason, 3)],
                FromSequence = 0,
                ToSequence = 0,
                Pool = default,
                Network = "",
                Timestamp = 0,
                Nonce = "",
            }));
            return true;
        };
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        var failed = await Assert.ThrowsAsync<JobFailedException>(() => handle.Completion.WaitAsync(Patience.Long));
        Assert.Equal(reason, failed.Reason);
    }

    [Fact]
    public async Task Cancels_AndTheJobFailsAsCancelled()
    {
        await using var stage = await new ClientStage().StartAsync();
        stage.Pool.Answer = async heard =>
        {
            if (heard is CancelSnapshot cancel)
            {
                await stage.Pool.PublishAsync(stage.Pool.Fill(new JobsCancelled
                {
                    Items = [new JobCancelledItem(cancel.JobCid, cancel.Client)],
                    FromSequence = 0,
                    ToSequence = 0,
                    Pool = default,
                    Network = "",
                    Timestamp = 0,
                    Nonce = "",
                }));
                return true;
            }

            return false;
        };
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        await handle.CancelAsync().WaitAsync(Patience.Long);
        var failed = await Assert.ThrowsAsync<JobFailedException>(() => handle.Completion.WaitAsync(Patience.Long));
        Assert.Equal(JobFailedException.Cancelled, failed.Reason);
    }

    [Fact]
    public async Task Cancel_ThatThePoolRefusesLeavesTheJobGoing()
    {
        await using var stage = await new ClientStage().StartAsync();
        SignedSnapshot? job = null;
        stage.Pool.Answer = async heard =>
        {
            job ??= stage.Pool.Heard.Last(h => h.Body == heard);
            if (heard is CancelSnapshot cancel)
            {
                await stage.Pool.RefuseAsync(cancel.JobCid, "cancel", ErrorCodes.JobNotCancellable);
                return true;
            }

            return false;
        };
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        var refused = await Assert.ThrowsAsync<JobRejectedException>(() => handle.CancelAsync().WaitAsync(Patience.Long));
        Assert.Equal(ErrorCodes.JobNotCancellable, refused.Code);
        Assert.False(handle.Completion.IsCompleted);
        await Prove(stage, Cast.Alice)(job!.Body);
        await handle.Completion.WaitAsync(Patience.Long);
    }

    [Fact]
    public async Task GivesUpAfterTheDeadlineWhenThePoolIsSilent()
    {
        await using var stage = await new ClientStage().StartAsync();
        stage.Net.Copies = (_, _) => 0;
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec with { Deadline = TimeSpan.FromSeconds(1) });
        var failed = await Assert.ThrowsAsync<JobFailedException>(() => handle.Completion.WaitAsync(Patience.Long));
        Assert.Equal(JobFailedException.NotAnswered, failed.Reason);
    }

    [Fact]
    public async Task HasManyJobsUnderWayAtOnce()
    {
        await using var stage = await new ClientStage().StartAsync();
        stage.Pool.Answer = Prove(stage, Cast.Bob);
        var handles = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => stage.Client.SubmitAsync(ClientStage.Spec)));
        var results = await Task.WhenAll(handles.Select(h => h.Completion)).WaitAsync(Patience.Long);
        Assert.Equal(handles.Select(h => h.JobCid), results.Select(r => r.JobCid));
        Assert.Equal(200, handles.Select(h => h.JobCid).Distinct().Count());
    }

    [Fact]
    public async Task TakesTheOutputThatMostReplicasGave()
    {
        await using var stage = await new ClientStage().StartAsync();
        stage.Pool.Answer = async heard =>
        {
            var job = CidOf(stage, heard);
            foreach (var (miner, output) in ((EnsName, string)[])[(Cast.Mallory, "lie"), (Cast.Alice, "truth"), (Cast.Bob, "truth")])
            {
                var proof = await stage.ProveAsync(job, miner, output);
                await stage.Pool.AcceptProofAsync((ProofSnapshot)proof.Body, proof.Cid);
            }

            return true;
        };
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec with { Replicas = 3 });
        var result = await handle.Completion.WaitAsync(Patience.Long);
        Assert.Equal("truth"u8.ToArray(), result.Output.ToArray());
    }

    [Fact]
    public async Task RefusesToStartWithAKeyThatIsNotItsNames()
    {
        await using var stage = new ClientStage(key: Cast.Mallory);
        var wrong = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Client.StartAsync(CancellationToken.None));
        Assert.Equal(ErrorCodes.KeyNotOfName, wrong.Code);
    }

    [Fact]
    public async Task RefusesAJobThatContradictsItself()
    {
        await using var stage = await new ClientStage().StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => stage.Client.SubmitAsync(ClientStage.Spec with { InputCid = stage.Net.Put(new byte[1]) }));
        await Assert.ThrowsAsync<ArgumentException>(() => stage.Client.SubmitAsync(ClientStage.Spec with { Deadline = TimeSpan.FromDays(8) }));
        var form = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Client.SubmitAsync(ClientStage.Spec with { Model = "no spaces" }));
        Assert.Equal(ErrorCodes.BadField, form.Code);
    }

    [Fact]
    public async Task TakesUpAJobOfItsOwnThatAnotherProcessSent()
    {
        await using var stage = await new ClientStage().StartAsync();
        var gone = new ClientStage();
        await gone.StartAsync();
        var sent = await gone.Client.SubmitAsync(ClientStage.Spec);
        await gone.DisposeAsync();
        stage.Net.Put(gone.Net.Content[sent.JobCid]);

        stage.Pool.Answer = Prove(stage, Cast.Alice);
        var handle = await stage.Client.ResumeAsync(sent.JobCid);
        var result = await handle.Completion.WaitAsync(Patience.Long);
        Assert.Equal(sent.JobCid, result.JobCid);
        Assert.All(stage.Net.Published.Where(m => m.Topic == "/swarmpool.eth/jobs"), m => Assert.Equal(sent.JobCid, Cid.OfBlock(m.Payload.Span)));
    }

    [Fact]
    public async Task TakesUpNoJobThatIsNotItsOwnOrNotToBeHad()
    {
        await using var stage = await new ClientStage().StartAsync();
        await using var other = await new ClientStage(o => o.ClientEns = Cast.Bob.Text, key: Cast.Bob).StartAsync();
        var others = await other.Client.SubmitAsync(ClientStage.Spec);
        stage.Net.Put(other.Net.Content[others.JobCid]);

        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Client.ResumeAsync(others.JobCid));
        Assert.Equal(ErrorCodes.NotYourJob, refused.Code);
        var missing = await Assert.ThrowsAsync<SwarmPoolException>(() => stage.Client.ResumeAsync(Cid.OfBlock("nothing"u8)));
        Assert.Equal(ErrorCodes.ContentNotFound, missing.Code);
        Assert.DoesNotContain(stage.Net.Published, m => m.Topic == "/swarmpool.eth/jobs");
    }

    internal static Func<Snapshot, Task<bool>> Prove(
        ClientStage stage, EnsName miner, Func<ProofSnapshot, ProofSnapshot>? change = null, EnsName? signedBy = null) => async heard =>
        {
            if (heard is not JobSnapshot)
            {
                return false;
            }

            var proof = await stage.ProveAsync(CidOf(stage, heard), miner, signedBy: signedBy, change: change);
            var honest = (ProofSnapshot)proof.Body with { JobCid = CidOf(stage, heard), Attempt = 1, Miner = miner };
            await stage.Pool.AcceptProofAsync(honest, proof.Cid);
            return true;
        };

    private static Cid CidOf(ClientStage stage, Snapshot job) => stage.Pool.Heard.Last(h => h.Body == job).Cid;

    private static Task RefuseAsync(ClientStage stage, Snapshot job, string request, string code) => stage.Pool.RefuseAsync(CidOf(stage, job), request, code);
}
