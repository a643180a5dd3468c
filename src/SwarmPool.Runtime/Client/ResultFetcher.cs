using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>Fetches what the pool says was proved, and believes none of it before it has been checked.</summary>
internal sealed class ResultFetcher(ContentReader content, SignerCheck signers, EnsName pool, int maxOutputBytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The result; or a refusal, which is final when it is not one of <see cref="PassingRefusals"/>.</summary>
    public async Task<(JobResult? Result, Refusal? Refusal)> ReadAsync(Cid job, ProofAcceptedItem item, CancellationToken cancellationToken)
    {
        var (fetched, refusal) = await content.FetchSnapshotAsync<ProofSnapshot>(item.ProofCid, Patience, cancellationToken);
        if (fetched is null)
        {
            return (null, refusal);
        }

        var proof = fetched.Body;
        refusal = Compare(job, item, proof) ?? (await signers.CheckAsync(fetched.Signed, cancellationToken)).Refusal;
        if (refusal is not null)
        {
            return (null, refusal);
        }

        (var output, refusal) = await content.FetchAsync(proof.OutputCid, maxOutputBytes, Patience, cancellationToken);
        return refusal is null
            ? (new JobResult(job, output, proof.OutputCid, proof, item.ProofCid, proof.Miner, item.EpochId) { Charge = item.Charge, Usage = item.Usage }, null)
            : (null, refusal);
    }

    private Refusal? Compare(Cid job, ProofAcceptedItem item, ProofSnapshot proof)
    {
        if (proof.Pool != pool || proof.Network != signers.Network)
        {
            return new Refusal(ErrorCodes.WrongPool, $"The proof {item.ProofCid} is for {proof.Pool} on {proof.Network}.");
        }

        if (proof.JobCid != job || proof.Attempt != item.Attempt || proof.Miner != item.Miner || proof.OutputCid != item.OutputCid)
        {
            return new Refusal(ErrorCodes.WrongFence, $"The proof {item.ProofCid} is of {proof.Miner} for attempt {proof.Attempt} at {proof.JobCid}, not what the pool announced.");
        }

        if (proof.Status != SnapshotStatuses.Completed)
        {
            return new Refusal(ErrorCodes.NotCompleted, $"The proof {item.ProofCid} says '{proof.Status}'.");
        }

        return proof.ProofHash == ProofHash.Compute(job, proof.Attempt, proof.Fence, proof.OutputCid, proof.Miner)
            ? null
            : new Refusal(ErrorCodes.BadProofHash, $"The proof {item.ProofCid} has a hash that is not that of its own job, output and miner.");
    }
}
