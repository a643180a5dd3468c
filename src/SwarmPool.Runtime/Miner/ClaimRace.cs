using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;

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

/// <summary>How the race for a job ended.</summary>
internal abstract record ClaimOutcome
{
    private ClaimOutcome()
    {
    }

    /// <summary>The job is ours.</summary>
    public sealed record Won(ClaimAcceptedItem Claim) : ClaimOutcome;

    /// <summary>Another miner has it.</summary>
    public sealed record Lost(EnsName Winner) : ClaimOutcome;

    /// <summary>The pool refused the claim.</summary>
    public sealed record Refused(string Code, string Reason) : ClaimOutcome;

    /// <summary>The job is over, or at another attempt.</summary>
    public sealed record Gone(string Why) : ClaimOutcome;

    /// <summary>The pool did not answer.</summary>
    public sealed record Unanswered : ClaimOutcome;
}

/// <summary>What follows from how a race ended: work, wait, register again, or leave the job alone.</summary>
internal sealed class ClaimOutcomeHandler(JobWatch watch, ClaimPause pause, Registration registration, MinerMessageFactory messages, ILogger<ClaimOutcomeHandler> logger)
{
    /// <summary>True, with the claim, when there is work to do.</summary>
    public bool Settle(Candidate candidate, ClaimOutcome outcome, [NotNullWhen(true)] out ClaimAcceptedItem? claim)
    {
        claim = null;
        switch (outcome)
        {
            case ClaimOutcome.Won won:
                pause.End();
                watch.Deal(won.Claim.Fence);
                watch.CloseAttempt(candidate.Job, candidate.Attempt);
                claim = won.Claim;
                return true;
            case ClaimOutcome.Refused refused:
                Refused(candidate, refused);
                return false;
            case ClaimOutcome.Gone:
                watch.CloseAttempt(candidate.Job, candidate.Attempt);
                return false;
            default:
                return false; // Lost: the watch heard it too. Unanswered: the pool's state will list it again if it still waits.
        }
    }

    private void Refused(Candidate candidate, ClaimOutcome.Refused refused)
    {
        if (refused.Code is ErrorCodes.CoolDown or ErrorCodes.ClaimCap || PassingRefusals.Contains(refused.Code))
        {
            pause.Begin($"{refused.Code}: {refused.Reason}");
            watch.PutBack(candidate);
        }
        else if (refused.Code == ErrorCodes.NotRegistered)
        {
            MinerLog.RegistersAgain(logger, messages.Miner.Text, refused.Reason);
            registration.Invalidate();
            watch.PutBack(candidate);
        }
        else if (refused.Code == ErrorCodes.JobReserved)
        {
            watch.PutBackForLater(candidate);
        }
        else if (refused.Code == ErrorCodes.CoolDownWithClient)
        {
            watch.PutBackForClient(candidate);
        }
        else
        {
            watch.CloseAttempt(candidate.Job, candidate.Attempt);
        }
    }
}
