using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Runtime.Metering;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>Fetches what a job that pays by what is counted is counted in, and counts.</summary>
internal sealed class UsageReading(RationedReader inputs, RationedReader evidences)
{
    /// <summary>What was counted; null for a job that pays its amount. Or the refusal that names what was wrong.</summary>
    /// <param name="job">The job.</param>
    /// <param name="proof">The proof.</param>
    /// <param name="output">The output, which has the CID that the proof names.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<(JobUsage? Usage, Refusal? Refusal)> CountAsync(
        JobSnapshot job, ProofSnapshot proof, ReadOnlyMemory<byte> output, CancellationToken cancellationToken)
    {
        if (job.Payment.Rates is null)
        {
            return (null, null);
        }

        TokenEvidence? evidence = null;
        if (proof.EvidenceCid is { } cid)
        {
            (evidence, var refusal) = await evidences.UseAsync<TokenEvidence>(cid, bytes => new(Read(bytes, proof)), cancellationToken);
            if (refusal is not null)
            {
                return (null, refusal);
            }
        }

        return await inputs.UseAsync<JobUsage>(job.InputCid, input => new(UsageCounter.Count(job, input, output, evidence)), cancellationToken);
    }

    private static (TokenEvidence? Evidence, Refusal? Refusal) Read(ReadOnlyMemory<byte> bytes, ProofSnapshot proof)
    {
        if (!TokenEvidenceCodec.TryDecode(bytes.Span, out var evidence, out var refusal))
        {
            return (null, refusal);
        }

        var root = EvidencePages.Root(bytes);
        return root == proof.EvidenceRoot
            ? (evidence, null)
            : (null, new Refusal(ErrorCodes.EvidenceDiffers, $"The evidence {proof.EvidenceCid} has the root {root}; the proof says {proof.EvidenceRoot}."));
    }
}
