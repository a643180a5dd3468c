using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Generation;

/// <summary>Runs a model on a job's input: a text job token by token, chosen here, where the backend shows its logits; anything else as the backend does it.</summary>
internal static class ModelRun
{
    /// <exception cref="InferenceException">The backend can't.</exception>
    /// <exception cref="SwarmPoolException">SP5103, SP5104, SP5105: the text job can't be done.</exception>
    public static async Task<InferenceResult> RunAsync(
        IInferenceBackend backend, Cid job, InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        if (request.JobType != TextJob.JobType || await backend.OpenTokensAsync(request.Model, cancellationToken) is not { } model)
        {
            return Checked(await backend.RunAsync(request, progress, cancellationToken));
        }

        InferenceResult? result = null;
        await foreach (var chunk in TextGeneration.RunAsync(model, job, TextJob.Read(request.Input), progress, request.WantsEvidence, cancellationToken))
        {
            result = chunk.Result;
        }

        return result!;
    }

    // A plugin's bytes: what is none would be refused by the pool, after the work.
    private static InferenceResult Checked(InferenceResult result) =>
        result.Evidence.IsEmpty || TokenEvidenceCodec.TryDecode(result.Evidence.Span, out _, out var refusal)
            ? result
            : throw new InferenceException($"The backend gave an evidence that is none: {refusal}");

    /// <summary>What says why a job can't be done, with its code in front, as people read it.</summary>
    public static SwarmPoolException Refused(string code, string reason, Exception? cause = null) => new(code, new Refusal(code, reason).ToString(), cause);
}
