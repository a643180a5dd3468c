using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Client;

/// <summary>What a client never returns, whatever its pool says.</summary>
public sealed class ResultFetcherTests
{
    public static TheoryData<string, Func<ProofSnapshot, ProofSnapshot>> WrongProofs => new()
    {
        { "a proof hash of another output", static p => p with { ProofHash = new string('0', 64) } },
        { "another job's proof", static p => p with { JobCid = p.OutputCid } },
        { "another attempt", static p => p with { Attempt = 2 } },
        { "another miner's proof", static p => p with { Miner = Cast.Bob } },
        { "a status that is never paid", static p => p with { Status = "failed" } },
        { "another network", static p => p with { Network = "eip155:1" } },
    };

    [Theory]
    [MemberData(nameof(WrongProofs), DisableDiscoveryEnumeration = true)]
    public async Task Pitfall08_ReportsAWrongProofAndReturnsNothingOfIt(string what, Func<ProofSnapshot, ProofSnapshot> change)
    {
        await using var stage = await new ClientStage().StartAsync();
        stage.Pool.Answer = PoolClientTests.Prove(stage, Cast.Alice, change);
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        var failed = await Assert.ThrowsAsync<JobFailedException>(() => handle.Completion.WaitAsync(Patience.Long));
        Assert.True(failed.Reason == JobFailedException.BadProof, what);
    }

    [Fact]
    public async Task Pitfall08_ReportsAProofThatItsMinerDidNotSign()
    {
        await using var stage = await new ClientStage().StartAsync();
        stage.Pool.Answer = PoolClientTests.Prove(stage, Cast.Alice, signedBy: Cast.Mallory);
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        var failed = await Assert.ThrowsAsync<JobFailedException>(() => handle.Completion.WaitAsync(Patience.Long));
        Assert.Equal(JobFailedException.BadProof, failed.Reason);
    }

    [Fact]
    public async Task ReturnsNoBytesThatAreNotTheOutputs()
    {
        await using var stage = await new ClientStage().StartAsync();
        stage.Pool.Answer = PoolClientTests.Prove(stage, Cast.Alice, p =>
        {
            stage.Net.Content[p.OutputCid] = "something else"u8.ToArray();
            return p;
        });
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        var failed = await Assert.ThrowsAsync<JobFailedException>(() => handle.Completion.WaitAsync(Patience.Long));
        Assert.Equal(JobFailedException.BadProof, failed.Reason);
    }

    [Fact]
    public async Task Pitfall11_TakesNoForgedAcceptance()
    {
        await using var stage = await new ClientStage().StartAsync();
        var handle = await stage.Client.SubmitAsync(ClientStage.Spec);
        var proof = await stage.ProveAsync(handle.JobCid, Cast.Mallory, "a lie");
        var item = new ProofAcceptedItem(handle.JobCid, proof.Cid, ((ProofSnapshot)proof.Body).OutputCid, 1, Cast.Mallory, "epoch-7", true);
        await stage.Pool.SayAsAsync(Cast.Mallory, stage.Pool.Fill(new ProofsAccepted
        {
            Items = [item],
            FromSequence = 0,
            ToSequence = 0,
            Pool = default,
            Network = "",
            Timestamp = 0,
            Nonce = "",
        }));
        await Task.Delay(Patience.Short);
        Assert.False(handle.Completion.IsCompleted);
    }
}
