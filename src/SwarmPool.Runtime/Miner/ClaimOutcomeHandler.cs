using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

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
            registration.ExpiryCheck();
            watch.PutBack(candidate);
        }
        else
        {
            watch.CloseAttempt(candidate.Job, candidate.Attempt);
        }
    }
}
