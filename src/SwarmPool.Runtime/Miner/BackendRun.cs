using SwarmPool.Inference;
using SwarmPool.Runtime.Generation;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>Runs the backend on one input. A run that is cancelled and does not end is left behind (<see cref="ModelUse"/>).</summary>
internal sealed class BackendRun(IInferenceBackend backend, ModelUse models)
{
    public Task<InferenceResult> RunAsync(Cid job, InferenceRequest request, IProgress<int> progress, CancellationToken cancellationToken) =>
        models.RunAsync(job, request.Model, () => ModelRun.RunAsync(backend, job, request, progress, cancellationToken), cancellationToken);
}
