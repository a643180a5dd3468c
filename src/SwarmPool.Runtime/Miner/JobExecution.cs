using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Does a job whose claim was won: its input fetched, its model run, its output delivered with a proof.</summary>
internal sealed class JobExecution(
    JobInput inputs, MinerPacks packs, BackendRun backend, ProofSubmitter delivery, MinerCounts counts, IMinerObserver observer, TimeProvider time)
{
    /// <summary>Fetches, runs and delivers. Throws what keeps the job from being done.</summary>
    public async Task RunAsync(ClaimSession session, ClaimAcceptedItem claim, RunProgress progress, CancellationToken cancellationToken)
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
        var outcome = await delivery.DeliverAsync(session, claim, job.Model, result, time.GetElapsedTime(began), cancellationToken);
        Tell(claim, outcome);
    }

    /// <summary>Tells people what became of a proof.</summary>
    public void Tell(ClaimAcceptedItem claim, ProofOutcome outcome)
    {
        if (outcome.Accepted is { } accepted)
        {
            observer.ProofAccepted(claim.JobCid, accepted.ProofCid, accepted.EpochId, counts.Complete());
        }
        else
        {
            observer.ProofRejected(claim.JobCid, outcome.Code, outcome.Reason);
        }
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
