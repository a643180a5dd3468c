using SwarmPool.Protocol.Errors;
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
        var (fetched, refusal) = await content.FetchSnapshotAsync<JobSnapshot>(cid, JobPatience, cancellationToken);
        if (fetched is null)
        {
            return (null!, default, refusal);
        }

        var job = fetched.Body;
        if (job.Pool.Text != options.PoolEns || job.Network != signers.Network)
        {
            return (job, default, new Refusal(ErrorCodes.WrongPool, $"The job {cid} is for {job.Pool} on {job.Network}."));
        }

        refusal = (await signers.CheckAsync(fetched.Signed, cancellationToken)).Refusal;
        if (refusal is not null)
        {
            return (job, default, refusal);
        }

        (var input, refusal) = await content.FetchAsync(
            job.InputCid, options.MaxInputBytes, TimeSpan.FromSeconds(options.InputSeconds), cancellationToken);
        return (job, input, refusal);
    }
}
