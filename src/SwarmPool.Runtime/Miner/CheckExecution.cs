using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Generation;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Verification;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Scores another miner's answer that the pool gave to this one to check: fetched, checked against its CIDs, scored, and told to the pool.</summary>
/// <param name="inputs">Has jobs and their inputs.</param>
/// <param name="content">Has proofs, outputs and evidence.</param>
/// <param name="signers">Who signed a proof.</param>
/// <param name="packs">What the backend calls a model.</param>
/// <param name="backend">Scores by the tokens of a model that it shows; what it shows none of is given back.</param>
/// <param name="models">Keeps the model loaded meanwhile.</param>
/// <param name="messages">Signs.</param>
/// <param name="sender">Sends.</param>
/// <param name="observer">Is told.</param>
/// <param name="maxBytes">The most bytes of an output, and of evidence.</param>
internal sealed class CheckExecution(
    JobInput inputs, ContentReader content, SignerCheck signers, MinerPacks packs, IInferenceBackend backend, ModelUse models, MinerMessageFactory messages,
    RetryingSender sender, IMinerObserver observer, int maxBytes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Scores it and waits for the pool's answer. Throws what keeps it from being scored: then the check is given back, which is held against nobody.</summary>
    public async Task RunAsync(ClaimSession session, CheckNewItem check, CancellationToken cancellationToken)
    {
        if (check.JobType != TextJob.JobType)
        {
            throw new InferenceException($"Answers of kind {check.JobType} can't be scored.");
        }

        var work = await FetchAsync(check, cancellationToken);
        observer.Executing(check.JobCid, check.Model);
        var scores = await models.RunAsync(check.JobCid, work.Model, () => ScoreAsync(work, cancellationToken), cancellationToken);
        var said = await messages.CheckAsync(check, scores, cancellationToken);
        session.Sends(said);
        await sender.SendUntilAsync(said, session.Checked, cancellationToken);
    }

    private async Task<CheckScores> ScoreAsync(ScoredWork work, CancellationToken cancellationToken) =>
        await backend.OpenTokensAsync(work.Model, cancellationToken) is { } model
            ? await CheckScorer.ScoreAsync(work.Proof, work.Input, work.Evidence, work.Output, model, cancellationToken)
            : throw new InferenceException($"The backend doesn't show the tokens of {work.Model}.");

    private async Task<ScoredWork> FetchAsync(CheckNewItem check, CancellationToken cancellationToken)
    {
        var (job, input, refusal) = await inputs.FetchAsync(check.JobCid, cancellationToken);
        ThrowIf(refusal);
        var (proof, missing) = await content.FetchSnapshotAsync<ProofSnapshot>(
            check.ProofCid ?? throw new SwarmPoolException(ErrorCodes.BadField, "The check names no proof."), Patience, cancellationToken);
        ThrowIf(missing ?? (await signers.CheckAsync(proof!.Signed, cancellationToken)).Refusal);
        if (proof!.Body.JobCid != check.JobCid || proof.Body.ProofHash != ProofHash.Compute(check.JobCid, proof.Body.Attempt, proof.Body.Fence, proof.Body.OutputCid, proof.Body.Miner))
        {
            throw new SwarmPoolException(ErrorCodes.BadProofHash, $"The proof {check.ProofCid} is of another job or output.");
        }

        var output = await BytesAsync(proof.Body.OutputCid, cancellationToken);
        var evidence = proof.Body.EvidenceCid is { } named ? await BytesAsync(named, cancellationToken) : default;
        var claim = new ClaimAcceptedItem(check.JobCid, check.Attempt, check.Miner, check.Fence, check.LeaseUntil, check.LimitUntil) { PackCid = check.PackCid };
        return new ScoredWork(packs.ModelOf(claim, job.Model), proof.Body, input, output, evidence);
    }

    private async Task<ReadOnlyMemory<byte>> BytesAsync(Cid cid, CancellationToken cancellationToken)
    {
        var (bytes, refusal) = await content.FetchAsync(cid, maxBytes, Patience, cancellationToken);
        ThrowIf(refusal);
        return bytes;
    }

    private static void ThrowIf(Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw new SwarmPoolException(refusal.Code, refusal.ToString());
        }
    }

    // All of it fetched and checked against its CIDs.
    private sealed record ScoredWork(string Model, ProofSnapshot Proof, ReadOnlyMemory<byte> Input, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Evidence);
}
