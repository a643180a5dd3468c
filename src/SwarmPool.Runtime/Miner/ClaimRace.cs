using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Runtime.Miner;

/// <summary>Claims one job against all others: the same signed claim again and again until the pool says who has it.</summary>
internal sealed class ClaimRace(MinerMessageFactory pen, RetryingSender outbox, IMinerObserver observer, TimeProvider time, TimeSpan patience)
{
    public async Task<ClaimOutcome> RunAsync(ClaimSession engagement, CancellationToken cancellationToken)
    {
        var claim = await pen.ClaimAsync(engagement.Job, engagement.Attempt, cancellationToken);
        observer.Claiming(engagement.Job, engagement.Attempt);
        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var outcome = await SendAsync(both.Token);
        Tell(engagement, outcome);
        return outcome;

        async Task<ClaimOutcome> SendAsync(CancellationToken token)
        {
            try
            {
                await outbox.SendUntilAsync(claim, engagement.Claimed, token);
                return await engagement.Claimed;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return new ClaimOutcome.Unanswered();
            }
        }
    }

    private void Tell(ClaimSession engagement, ClaimOutcome outcome)
    {
        switch (outcome)
        {
            case ClaimOutcome.Won won:
                observer.ClaimWon(won.Claim);
                break;
            case ClaimOutcome.Lost lost:
                observer.ClaimLost(engagement.Job, lost.Winner);
                break;
            case ClaimOutcome.Refused refused:
                observer.ClaimRefused(engagement.Job, refused.Code, refused.Reason);
                break;
            case ClaimOutcome.Gone gone:
                observer.ClaimDropped(engagement.Job, gone.Why);
                break;
            default:
                observer.ClaimDropped(engagement.Job, $"the pool did not answer within {patience.TotalSeconds:0} s");
                break;
        }
    }
}
