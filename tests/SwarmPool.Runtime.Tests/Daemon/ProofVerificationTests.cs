using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Runtime.Verification;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>What a proof names is a stranger's content: whatever it holds, the answer is a refusal.</summary>
public sealed class ProofVerificationTests
{
    private readonly MemoryNet net = new();
    private readonly Messages messages = new(static () => 1_700_000_000);

    [Fact]
    public async Task A_proof_for_content_of_another_type_is_refused()
    {
        var registration = await StoreAsync(messages.Registration(Messages.Miner(1)));
        var output = await net.Join().Content.PutAsync("the output"u8.ToArray(), CancellationToken.None);

        var refusal = await RefusalAsync(messages.Proof(registration.Cid, Messages.Miner(1), 7, output));

        Assert.Equal(ErrorCodes.UnknownType, refusal.Code);
        Assert.Contains($"{registration.Cid}", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proof_for_bytes_that_are_not_a_snapshot_is_refused()
    {
        var garbage = await net.Join().Content.PutAsync("not json"u8.ToArray(), CancellationToken.None);

        Assert.Equal(ErrorCodes.NotJson, (await RefusalAsync(messages.Proof(garbage, Messages.Miner(1), 7, Messages.AnyCid("output")))).Code);
    }

    private async Task<SignedSnapshot> StoreAsync(Snapshot body)
    {
        var signed = await TestNetwork.SignAsync(body);
        await net.Join().Content.PutAsync(signed.Bytes, CancellationToken.None);
        return signed;
    }

    private async Task<Refusal> RefusalAsync(ProofSnapshot proof)
    {
        var content = new ContentReader(net.Join().Content, TimeProvider.System);
        var patience = TimeSpan.FromSeconds(5);
        var verification = new ProofVerification(
            content,
            new RationedReader(content, 1000, patience, "The proof's output", ErrorCodes.OutputUnavailable),
            new JudgedBy(content, new RationedReader(content, 1000, patience, "The job's input"), new RationedReader(content, 1000, patience, "The proof's evidence"), patience),
            new HashVerifier(),
            TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), TaskScheduler.Default, TimeProvider.System,
            new UsageReading(new RationedReader(content, 1000, patience, "The job's input"), new RationedReader(content, 1000, patience, "The proof's evidence")));
        var (verdict, refusal) = await verification.VerifyAsync(await TestNetwork.SignAsync(proof), proof, CancellationToken.None);
        Assert.Null(verdict);
        return Assert.IsType<Refusal>(refusal);
    }
}
