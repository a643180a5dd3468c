using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Sequencing;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// What was heard before waits in a queue of its own, fair among peers, with few workers: however much of it comes, it delays nothing that is
/// new. What the pool's rules have decided is announced again without a look at its signature, which was checked the first time; all
/// else of it goes on as anything does, for its answer may have been lost.
/// </summary>
internal sealed class KnownMessageRule(Sequencer sequencer, ReplyBatcher replies) : IFetchingRule
{
    // A repeated question is one whoever asks: nothing of this is recorded.
    private static readonly PoolFacts Anybody = new() { Signer = new NameFact(default, default, 0, null) };

    public int Workers => 8;

    public bool MustFetch(IngressMessage message) => message.IsKnown;

    public async ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken)
    {
        if (!message.IsKnown)
        {
            return null;
        }

        var preview = await sequencer.PreviewAsync(message.Input, Anybody, cancellationToken);
        if (preview.Kind != DecisionKind.Repeated)
        {
            return null;
        }

        if (preview.Job.IsEmpty)
        {
            replies.Repeat(message, preview.Miner);
        }
        else
        {
            replies.RepeatUnsigned(message, preview.Job);
        }

        return new Refusal(ErrorCodes.HeardBefore, $"This {message.Snapshot.Body.Type} of {message.Name} was heard and decided before; what was decided is announced again.");
    }
}
