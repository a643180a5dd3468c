using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// A claim on a job that is not to be had is dropped before its signature is checked; what became of the job is said
/// again, for the sender and everyone else at once.
/// </summary>
internal sealed class JobPhaseRule(Sequencer sequencer, ReplyBatcher replies) : IIngressRule
{
    public async ValueTask<Refusal?> CheckAsync(IngressMessage item, CancellationToken cancellationToken)
    {
        if (item.Snapshot.Body is not ClaimSnapshot claim)
        {
            return null;
        }

        var taken = await sequencer.AskAsync(
            state => state.Jobs.TryGet(claim.JobCid, out var job) && job.Phase != JobPhase.Pending && job.LeaseOf(claim.Miner) is null,
            cancellationToken);
        if (!taken)
        {
            return null;
        }

        replies.Repeat(claim.JobCid);
        return new Refusal(ErrorCodes.JobNotPending, $"The job {claim.JobCid} is not to be had.");
    }
}
