using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Client;

/// <summary>What became of a job, for somebody who has its CID and no key.</summary>
public sealed class JobLookupTests : IAsyncDisposable
{
    private static readonly TimeSpan Deaf = TimeSpan.FromMilliseconds(300);

    private readonly ClientStage stage = new();

    private ScriptedPool Pool => stage.Pool;

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task AWaitingJobWaits()
    {
        var job = await Pool.StoreJobAsync();
        var found = await FindAsync(job.Cid);
        Assert.Equal((JobCondition.Waiting, null), (found.Condition, found.Result));
        Assert.Contains("queenbee-spine", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClaimedJobNamesItsMiner()
    {
        var job = await Pool.StoreJobAsync();
        Answer(() => Pool.GiveAsync(job.Cid, Cast.Alice));
        var found = await FindAsync(job.Cid);
        Assert.Equal((JobCondition.Claimed, Cast.Alice), (found.Condition, found.Miner));
    }

    [Fact]
    public async Task ADecidedJobBringsItsOutputChecked()
    {
        var job = await Pool.StoreJobAsync();
        var proof = await stage.ProveAsync(job.Cid, Cast.Alice);
        Answer(() => Pool.AcceptProofAsync((ProofSnapshot)proof.Body, proof.Cid));
        var found = await FindAsync(job.Cid);
        Assert.Equal(JobCondition.Decided, found.Condition);
        Assert.Equal("{\"label\":7}"u8.ToArray(), found.Result!.Output.ToArray());
        Assert.Equal("epoch-7", found.Result.EpochId);
    }

    [Fact]
    public async Task AProofThatDoesNotStandUpBringsNothing()
    {
        var job = await Pool.StoreJobAsync();
        var proof = await stage.ProveAsync(job.Cid, Cast.Alice, signedBy: Cast.Mallory);
        Answer(() => Pool.AcceptProofAsync((ProofSnapshot)proof.Body, proof.Cid));
        var found = await FindAsync(job.Cid);
        Assert.Equal((JobCondition.Decided, null, ErrorCodes.WrongSigner), (found.Condition, found.Result, found.Code));
    }

    [Fact]
    public async Task AJobThatWantsMoreReplicasIsNotDecided()
    {
        var job = await Pool.StoreJobAsync();
        var proof = await stage.ProveAsync(job.Cid, Cast.Alice);
        Answer(() => Pool.AcceptProofAsync((ProofSnapshot)proof.Body, proof.Cid, decided: false));
        var found = await FindAsync(job.Cid);
        Assert.Equal((JobCondition.Claimed, Cast.Alice), (found.Condition, found.Miner));
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("max_attempts")]
    public async Task AFailedJobSaysWhy(string reason)
    {
        var job = await Pool.StoreJobAsync();
        Answer(() => Pool.PublishAsync(Pool.Fill(new JobsFailed { Items = [new JobFailedItem(job.Cid, Cast.Clinic, reason, 3)], FromSequence = 0, ToSequence = 0, Pool = default, Network = "", Timestamp = 0, Nonce = "" })));
        var found = await FindAsync(job.Cid);
        Assert.Equal((JobCondition.Failed, reason), (found.Condition, found.Reason));
    }

    [Fact]
    public async Task AFailedJobNamesTheMinerThatCouldNotDoItAndItsReason()
    {
        var job = await Pool.StoreJobAsync();
        var item = new JobFailedItem(job.Cid, Cast.Clinic, "max_attempts", 3) { Miner = Cast.Alice, Detail = "the input is no PNG" };
        Answer(() => Pool.PublishAsync(Pool.Fill(new JobsFailed { Items = [item], FromSequence = 0, ToSequence = 0, Pool = default, Network = "", Timestamp = 0, Nonce = "" })));
        var found = await FindAsync(job.Cid);
        Assert.Equal((Cast.Alice, "the input is no PNG"), (found.Miner!.Value, found.Detail));
        Assert.Contains("No proof: failed (miner.alice.eth: the input is no PNG).", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACancelledJobWasTakenBack()
    {
        var job = await Pool.StoreJobAsync();
        Answer(() => Pool.PublishAsync(Pool.Fill(new JobsCancelled { Items = [new JobCancelledItem(job.Cid, Cast.Clinic)], FromSequence = 0, ToSequence = 0, Pool = default, Network = "", Timestamp = 0, Nonce = "" })));
        Assert.Equal(JobCondition.Cancelled, (await FindAsync(job.Cid)).Condition);
    }

    [Fact]
    public async Task ARefusedJobHasThePoolsCode()
    {
        var job = await Pool.StoreJobAsync();
        Refuse(job.Cid, ErrorCodes.AmountOverCap);
        var found = await FindAsync(job.Cid);
        Assert.Equal((JobCondition.Refused, ErrorCodes.AmountOverCap), (found.Condition, found.Code));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AJobThatThePoolNoLongerKnowsIsFoundInTheEpochThatPaidForIt(bool bytesAreGone)
    {
        var job = await Pool.StoreJobAsync();
        var proof = await stage.ProveAsync(job.Cid, Cast.Alice);
        var paid = await SealAsync(1, null, ItemOf(job.Cid, proof.Cid));
        var empty = await SealAsync(2, paid);
        await Pool.PointAtAsync(Pool.State([]) with { LastEpoch = empty });
        Refuse(job.Cid, ErrorCodes.DeadlinePassed);
        if (bytesAreGone)
        {
            stage.Net.Content.TryRemove(job.Cid, out _);
        }

        var found = await FindAsync(job.Cid);
        Assert.Equal(JobCondition.Decided, found.Condition);
        Assert.Equal("{\"label\":7}"u8.ToArray(), found.Result!.Output.ToArray());
        Assert.Equal("epoch-1", found.Result.EpochId);
    }

    [Fact]
    public async Task EpochsThatEndedBeforeTheJobWasSignedAreNotFetched()
    {
        var job = await Pool.StoreJobAsync();
        var gone = Cid.OfBlock("an epoch of long ago"u8);
        var old = await SealAsync(2, gone, endedAt: DateTimeOffset.UtcNow.AddHours(-1));
        await Pool.PointAtAsync(Pool.State([]) with { LastEpoch = old });
        Refuse(job.Cid, ErrorCodes.DeadlinePassed);
        var found = await FindAsync(job.Cid);
        Assert.Equal((JobCondition.Forgotten, null), (found.Condition, found.Code));
        Assert.Contains("No sealed epoch paid for it", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEpochThatCannotBeReadIsToldAndNotTakenForOneThatPaidNothing()
    {
        var job = await Pool.StoreJobAsync();
        var last = await SealAsync(2, Cid.OfBlock("gone"u8));
        await Pool.PointAtAsync(Pool.State([]) with { LastEpoch = last });
        Refuse(job.Cid, ErrorCodes.DeadlinePassed);
        var found = await FindAsync(job.Cid);
        Assert.Equal((JobCondition.Forgotten, ErrorCodes.ContentNotFound), (found.Condition, found.Code));
    }

    [Fact]
    public async Task AnEpochThatNamesItselfOrALaterOneAsTheOneBeforeEndsTheSearch()
    {
        var job = await Pool.StoreJobAsync();
        var later = await SealAsync(7, null);
        await Pool.PointAtAsync(Pool.State([]) with { LastEpoch = await SealAsync(2, later) });
        Refuse(job.Cid, ErrorCodes.DeadlinePassed);
        Assert.Equal((JobCondition.Forgotten, ErrorCodes.WrongPool), ((await FindAsync(job.Cid)) is var found ? (found.Condition, found.Code) : default));
    }

    [Fact]
    public async Task WhereThePoolIsSilentItsLastStateTells()
    {
        var job = await Pool.StoreJobAsync();
        await Pool.PointAtAsync(Pool.State([ScriptedPool.Waiting(job)]));
        Pool.Answer = static _ => Task.FromResult(true);
        Assert.Equal(JobCondition.Waiting, (await FindAsync(job.Cid, Deaf)).Condition);
    }

    [Fact]
    public async Task WhereNothingOfThePoolIsHeardThatIsSaid()
    {
        var job = await Pool.StoreJobAsync();
        Pool.Answer = static _ => Task.FromResult(true);
        Assert.Equal(ErrorCodes.PoolNotHeard, (await Assert.ThrowsAsync<SwarmPoolException>(() => FindAsync(job.Cid, Deaf))).Code);
    }

    [Fact]
    public async Task WhatIsNoJobOrAnotherPoolsIsNotAsked()
    {
        var proof = await stage.ProveAsync(Cid.OfBlock("a job"u8), Cast.Alice);
        Assert.Equal(ErrorCodes.UnknownType, (await Assert.ThrowsAsync<SwarmPoolException>(() => FindAsync(proof.Cid))).Code);
        var job = await Pool.StoreJobAsync();
        Assert.Equal(ErrorCodes.WrongPool, (await Assert.ThrowsAsync<SwarmPoolException>(() => FindAsync(job.Cid, pool: Cast.Bob))).Code);
        Assert.DoesNotContain(stage.Net.Published, message => message.Topic.EndsWith("/jobs", StringComparison.Ordinal));
    }

    private Task<JobReport> FindAsync(Cid job, TimeSpan? patience = null, EnsName? pool = null) => new JobLookup(
        stage.Net.Join(), stage.Cast, SignatureEngines.Best, pool ?? Cast.Pool, 1024, TimeProvider.System, NullLoggerFactory.Instance).FindAsync(job, patience ?? Patience.Long).WaitAsync(Patience.Long);

    private void Answer(Func<Task> say) => Pool.Answer = async _ =>
    {
        await say();
        return true;
    };

    private void Refuse(Cid job, string code) => Answer(() => Pool.RefuseAsync(job, "job", code));

    private EpochProofItem ItemOf(Cid job, Cid proof) =>
        new(job, proof, Cast.Alice, stage.Cast.SignerOf(Cast.Alice).Address, MiningMode.PPS, Usdc.Parse("0.1"), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    private async Task<Cid> SealAsync(long number, Cid? previous, EpochProofItem? paid = null, DateTimeOffset? endedAt = null)
    {
        var ended = (endedAt ?? DateTimeOffset.UtcNow).ToUnixTimeMilliseconds();
        var root = "0x" + new string('a', 64);
        var signed = await SnapshotCodec.SignAsync(
            new EpochSnapshot
            {
                Pool = Cast.Pool,
                Network = "local",
                Timestamp = ended / 1000,
                Nonce = Nonce.FromRandom(),
                EpochId = $"epoch-{number}",
                Number = number,
                Status = "sealed",
                PreviousEpoch = previous,
                StartedAt = ended - 1000,
                EndedAt = ended,
                JobsCount = paid is null ? 0 : 1,
                ProofsCount = paid is null ? 0 : 1,
                TotalVolumeUsdc = Usdc.Zero,
                Proofs = paid is null ? [] : [stage.Net.Put(SnapshotCodec.EncodePage([paid]))],
                MerkleRoot = root,
                Policy = new PolicyIdentity("7525", "1.0.0", new string('a', 64)),
                PolicyReplaced = false,
                Settlements = new EpochSettlements(Usdc.Zero, Usdc.Zero, Usdc.Zero, new PayoutItem(Cast.Pool, stage.Cast.SignerOf(Cast.Pool).Address, Usdc.Zero), []),
                PayoutRoot = root,
                OpeningState = new string('a', 64),
                FromSequence = number,
                ToSequence = number,
                JournalRoot = new string('a', 64),
                Journal = [],
            },
            stage.Cast.SignerOf(Cast.Pool),
            CancellationToken.None);
        return stage.Net.Put(signed.Bytes);
    }
}
