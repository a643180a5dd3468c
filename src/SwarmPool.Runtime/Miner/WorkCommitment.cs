using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Commits to finished work, and waits until the pool wants to see it.</summary>
internal sealed class WorkCommitment(MinerMessageFactory messages, RetryingSender sender, IMinerObserver observer, TimeProvider time, ILogger<WorkCommitment> logger)
{
    // How often it is asked whether the wait is over, should that have been said and not heard.
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    /// <summary>Null when the proof is to be sent now; else why there is no use.</summary>
    /// <param name="session">The dealings with the job.</param>
    /// <param name="work">What is committed to.</param>
    /// <param name="untilTaken">Gives up while the pool has not taken it: the lease's own limit has passed.</param>
    /// <param name="untilShown">Gives up later: the claim is lost, or the miner stops.</param>
    public async Task<ProofOutcome?> CommitAsync(ClaimSession session, FinishedWork work, CancellationToken untilTaken, CancellationToken untilShown)
    {
        var (commitment, outcome) = await SendAsync(session, work, untilTaken);
        if (outcome.Taken is not { } taken)
        {
            return new ProofOutcome(null, outcome.Code, outcome.Reason);
        }

        observer.Committed(taken);
        while (!session.Wanted.IsCompleted)
        {
            await Task.WhenAny(session.Wanted, Task.Delay(AskAgain, time, untilShown));
            untilShown.ThrowIfCancellationRequested();
            if (!session.Wanted.IsCompleted)
            {
                commitment = await AgainAsync(session, work, commitment, untilShown);
            }
        }

        return null;
    }

    // The same bytes until it is answered; signed anew before they are too old to be taken.
    private async Task<(SignedSnapshot Commitment, CommitOutcome Outcome)> SendAsync(ClaimSession session, FinishedWork work, CancellationToken cancellationToken)
    {
        while (true)
        {
            var commitment = await SignAsync(session, work, cancellationToken);
            using var fresh = new CancellationTokenSource(Freshness.SignAnewAfter, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(fresh.Token, cancellationToken);
            try
            {
                await sender.SendUntilAsync(commitment, session.Committed, both.Token);
                return (commitment, await session.Committed);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                continue; // It is no longer fresh.
            }
        }
    }

    private async Task<SignedSnapshot> AgainAsync(ClaimSession session, FinishedWork work, SignedSnapshot commitment, CancellationToken cancellationToken)
    {
        try
        {
            if (time.GetUtcNow().ToUnixTimeSeconds() - commitment.Body.Timestamp > Freshness.SignAnewAfter.TotalSeconds)
            {
                commitment = await SignAsync(session, work, cancellationToken);
            }

            await sender.SendAsync(commitment, cancellationToken);
        }
        catch (TransportException e)
        {
            MinerLog.NotAsked(logger, work.Claim.JobCid.ToShortString(), e.Message);
        }

        return commitment;
    }

    private async Task<SignedSnapshot> SignAsync(ClaimSession session, FinishedWork work, CancellationToken cancellationToken)
    {
        var commitment = await messages.CommitmentAsync(work, cancellationToken);
        session.Sends(commitment);
        return commitment;
    }
}

/// <summary>What the pool said to a commitment.</summary>
/// <param name="Taken">It was taken; null when it was refused.</param>
/// <param name="Code">The refusal's code.</param>
/// <param name="Reason">The refusal's reason.</param>
internal sealed record CommitOutcome(ProofCommittedItem? Taken, string Code = "", string Reason = "");
