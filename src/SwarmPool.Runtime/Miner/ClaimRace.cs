using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Runtime.Miner;

/// <summary>Claims one job against all others: the same signed claim again and again until the pool says who has it.</summary>
internal sealed class ClaimRace(MinerMessageFactory messages, RetryingSender sender, IMinerObserver observer, TimeProvider time, TimeSpan patience)
{
    public async Task<ClaimOutcome> RunAsync(ClaimSession session, CancellationToken cancellationToken)
    {
        var claim = await messages.ClaimAsync(session.Job, session.Attempt, cancellationToken);
        observer.Claiming(session.Job, session.Attempt);
        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var outcome = await SendAsync(both.Token);
        Tell(session, outcome);
        return outcome;

        async Task<ClaimOutcome> SendAsync(CancellationToken token)
        {
            try
            {
                await sender.SendUntilAsync(claim, session.Claimed, token);
                return await session.Claimed;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new ClaimOutcome.Unanswered();
            }
        }
    }

    private void Tell(ClaimSession session, ClaimOutcome outcome)
    {
        switch (outcome)
        {
            case ClaimOutcome.Won won:
                observer.ClaimWon(won.Claim);
                break;
            case ClaimOutcome.Lost lost:
                observer.ClaimLost(session.Job, lost.Winner);
                break;
            case ClaimOutcome.Refused refused:
                observer.ClaimRefused(session.Job, refused.Code, refused.Reason);
                break;
            case ClaimOutcome.Gone gone:
                observer.ClaimDropped(session.Job, gone.Why);
                break;
            default:
                observer.ClaimDropped(session.Job, $"the pool did not answer within {patience.TotalSeconds:0} s");
                break;
        }
    }
}
