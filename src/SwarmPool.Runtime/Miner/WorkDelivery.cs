using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>Brings finished work to the pool: at once where that checks none, else committed to first, kept meanwhile, and shown when the pool wants to see it.</summary>
internal sealed class WorkDelivery(WorkShelf shelf, WorkCommitment commitments, ProofSubmitter proofs, MinerMessageFactory messages)
{
    /// <summary>The work that was finished under a claim by a run of this miner before; null when there is none.</summary>
    public FinishedWork? Find(ClaimAcceptedItem claim) => shelf.Find(claim);

    /// <summary>A salt that no other work has.</summary>
    public string NewSalt() => messages.NewSalt();

    /// <summary>The pool's answer. Throws only when cancelled, or when the work can't be kept.</summary>
    /// <param name="session">The dealings with the job.</param>
    /// <param name="work">The work.</param>
    /// <param name="limited">Ends with the time that the pool allows for the attempt.</param>
    /// <param name="unlimited">Does not: once the pool has the commitment that time is over, and what is waited for is the pool.</param>
    public async Task<ProofOutcome> DeliverAsync(ClaimSession session, FinishedWork work, CancellationToken limited, CancellationToken unlimited)
    {
        if (work.Claim.Commit is not true)
        {
            var outcome = await proofs.DeliverAsync(session, work, null, limited);
            if (outcome.Code != ErrorCodes.CommitmentMissing)
            {
                return outcome;
            }

            session.BeginAnew(); // Work is checked there from now on; the claim is from before.
        }

        await shelf.KeepAsync(work, limited);
        return await commitments.CommitAsync(session, work, limited, unlimited)
            ?? await proofs.DeliverAsync(session, work, work.Salt, unlimited);
    }

    /// <summary>What became of it is known: the pool has it, or it is kept apart.</summary>
    public void Close(ClaimSession session, ClaimAcceptedItem claim, string? notTaken)
    {
        if (notTaken is null)
        {
            shelf.Remove(claim);
        }
        else
        {
            shelf.SetAside(claim, notTaken, session.Sent);
        }
    }
}
