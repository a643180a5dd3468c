using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Does a job whose claim was won: its input fetched, its model run, its output delivered with a proof.</summary>
internal sealed class JobExecution(
    JobInput inputs, MinerPacks packs, ModelOffers offers, BackendRun backend, WorkDelivery delivery, MinerCounts counts, IMinerObserver observer, TimeProvider time)
{
    /// <summary>Fetches, runs and delivers; what a run before this one has finished is only delivered. Throws what keeps the job from being done.</summary>
    public async Task RunAsync(ClaimSession session, ClaimAcceptedItem claim, RunProgress progress, CancellationToken limited, CancellationToken unlimited)
    {
        var finished = delivery.Find(claim);
        var work = finished ?? await WorkAsync(claim, progress, limited);
        Tell(session, claim, await delivery.DeliverAsync(session, work, finished is null ? limited : unlimited, unlimited));
    }

    /// <summary>Tells people what became of a proof.</summary>
    public void Tell(ClaimSession session, ClaimAcceptedItem claim, ProofOutcome outcome)
    {
        delivery.Close(session, claim, outcome.Accepted is null ? $"{outcome.Code}: {outcome.Reason}" : null);
        if (outcome.Accepted is { } accepted)
        {
            observer.ProofAccepted(claim.JobCid, accepted.ProofCid, accepted.EpochId, counts.Complete());
        }
        else
        {
            observer.ProofRejected(claim.JobCid, outcome.Code, outcome.Reason);
        }
    }

    /// <summary>The claim is lost.</summary>
    public void Lost(ClaimSession session, ClaimAcceptedItem claim, string why)
    {
        delivery.Close(session, claim, why);
        observer.LeaseLost(claim.JobCid, why);
    }

    private async Task<FinishedWork> WorkAsync(ClaimAcceptedItem claim, RunProgress progress, CancellationToken cancellationToken)
    {
        var (job, input, refusal) = await inputs.FetchAsync(claim.JobCid, cancellationToken);
        if (refusal is not null)
        {
            throw new SwarmPoolException(refusal.Code, refusal.ToString());
        }

        var model = packs.ModelOf(claim, job.Model);
        observer.Executing(claim.JobCid, job.Model);
        var began = time.GetTimestamp();
        var result = await InferAsync(claim.JobCid, new InferenceRequest(model, job.JobType, input) { WantsEvidence = true }, progress, cancellationToken);
        var took = time.GetElapsedTime(began);
        offers.Ran(model, result, took);
        return FinishedWork.Of(claim, job.Model, result, took, delivery.NewSalt());
    }

    private async Task<InferenceResult> InferAsync(Cid job, InferenceRequest request, RunProgress progress, CancellationToken cancellationToken)
    {
        try
        {
            return await backend.RunAsync(job, request, progress, cancellationToken);
        }
        catch (Exception e) when (e is not (InferenceException or SwarmPoolException) && !cancellationToken.IsCancellationRequested)
        {
            // A plugin may throw anything; the job is given back and the miner goes on.
            throw new InferenceException($"The backend failed on {request.Model}: {e.Message}", e);
        }
    }
}
