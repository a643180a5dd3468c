using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Names;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Fetches a job and its input. Nothing is believed: the job has its CID and its client's signature, the input its CID and a bounded size.</summary>
internal sealed class JobInput(ContentReader content, SignerCheck signers, MinerOptions options)
{
    private static readonly TimeSpan JobPatience = TimeSpan.FromSeconds(20);

    public async Task<(JobSnapshot Job, ReadOnlyMemory<byte> Input, Refusal? Refusal)> FetchAsync(Cid cid, CancellationToken cancellationToken)
    {
        var (bytes, refusal) = await content.FetchAsync(cid, SnapshotCodec.MaxBytes, JobPatience, cancellationToken);
        if (refusal is not null || !SnapshotCodec.TryDecode(bytes, out var snapshot, out refusal))
        {
            return (null!, default, refusal);
        }

        if (snapshot.Body is not JobSnapshot job)
        {
            return (null!, default, new Refusal(ErrorCodes.UnknownType, $"What {cid} holds is a {snapshot.Body.Type}, not a job."));
        }

        if (job.Pool.Text != options.PoolEns || job.Network != signers.Network)
        {
            return (job, default, new Refusal(ErrorCodes.WrongPool, $"The job {cid} is for {job.Pool} on {job.Network}."));
        }

        (_, _, _, refusal) = await signers.CheckAsync(snapshot, cancellationToken);
        if (refusal is not null)
        {
            return (job, default, refusal);
        }

        (var input, refusal) = await content.FetchAsync(
            job.InputCid, options.MaxInputBytes, TimeSpan.FromSeconds(options.InputSeconds), cancellationToken);
        return (job, input, refusal);
    }
}
