using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Sequencing;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// What was heard before waits in a queue of its own, fair among peers, with few workers: however much of it comes, it delays nothing that is
/// new. What it asked for and the pool has decided is announced again without a look at its signature, which was checked the first time; all
/// else of it goes on as anything does, for its answer may have been lost.
/// </summary>
internal sealed class KnownMessageRule(Sequencer sequencer, ReplyBatcher replies) : IFetchingRule
{
    public int Workers => 8;

    public bool MustFetch(IngressMessage message) => message.IsKnown;

    public async ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        if (!message.IsKnown || !await sequencer.AskAsync(state => IsDecided(state, message.Snapshot), cancellationToken))
        {
            return null;
        }

        if (message.Snapshot.Body is RegistrationSnapshot registration)
        {
            replies.Repeat(message, registration.Miner);
        }
        else
        {
            replies.RepeatUnsigned(message, JobOf(message.Snapshot));
        }

        return new Refusal(ErrorCodes.HeardBefore, $"This {message.Snapshot.Body.Type} of {message.Name} was heard and decided before; what was decided is announced again.");
    }

    /// <summary>Whether the state holds what the message asked for.</summary>
    internal static bool IsDecided(PoolState state, SignedSnapshot message) => message.Body switch
    {
        RegistrationSnapshot registration => state.Miners.TryGet(registration.Miner, out var miner) && miner.Registration == message.Cid,
        JobSnapshot => state.Jobs.TryGet(message.Cid, out _),
        CancelSnapshot cancel => state.Jobs.TryGet(cancel.JobCid, out var job) && job.Phase == JobPhase.Cancelled && job.Client == cancel.Client,
        ProofSnapshot proof => state.Jobs.TryGet(proof.JobCid, out var job) && job.Proofs.Exists(p => p.ProofCid == message.Cid),
        _ => false,
    };

    private static Cid JobOf(SignedSnapshot message) => message.Body switch
    {
        CancelSnapshot cancel => cancel.JobCid,
        ProofSnapshot proof => proof.JobCid,
        _ => message.Cid,
    };
}
