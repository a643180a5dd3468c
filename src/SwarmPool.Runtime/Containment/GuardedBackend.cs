using SwarmPool.Inference;

namespace SwarmPool.Runtime.Containment;

/// <summary>An inference backend behind its gate: what goes wrong is an <see cref="InferenceException"/>.</summary>
internal sealed class GuardedBackend(IInferenceBackend inner, PluginGate gate) : GuardedSlot(inner, gate), IInferenceBackend
{
    public static bool IsContract(Exception thrown) => thrown is InferenceException;

    public static Exception AsContract(string message, Exception? cause) => new InferenceException(message, cause);

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(DescribeAsync), inner, static (b, stop) => b.DescribeAsync(stop), cancellationToken);

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken) =>
        Gate.CallAsync(nameof(LoadAsync), (inner, model), static (s, stop) => s.inner.LoadAsync(s.model, stop), cancellationToken, PluginGate.LongLimit);

    // A run's limit is the job's, and the miner's: it cancels the run, and leaves it behind when it does not end.
    public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) => Gate.CallAsync(
        nameof(RunAsync), (inner, request, progress), static (s, stop) => s.inner.RunAsync(s.request, s.progress, stop), cancellationToken, Timeout.InfiniteTimeSpan);
}
