using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// A claim on a job that waits for no miner is dropped before its signature is checked: by the pool's rules it is refused whoever signed it.
/// The job's present condition is announced again, for the sender and everyone else at once.
/// </summary>
internal sealed class JobPhaseRule(Sequencer sequencer, ReplyBatcher replies) : IIngressRule
{
    public async ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        if (message.Snapshot.Body is not ClaimSnapshot claim)
        {
            return null;
        }

        var preview = await sequencer.PreviewAsync(message.Input, PoolFacts.None, cancellationToken);
        if (preview.Refusal is not { Code: ErrorCodes.JobNotPending } refusal)
        {
            return null;
        }

        replies.RepeatUnsigned(message, claim.JobCid);
        return refusal;
    }
}
