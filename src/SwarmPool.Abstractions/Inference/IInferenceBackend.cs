using System.Runtime.CompilerServices;

namespace SwarmPool.Inference;

/// <summary>The inference backend slot: runs models.</summary>
/// <remarks>
/// Thread-safe: <see cref="RunAsync"/> may be called concurrently, up to the miner's number of parallel jobs. Every
/// member is cancellable; a run that is cancelled ends within a second and leaves the backend usable. What has a body
/// here is optional: a backend that knows nothing of it is one that can't do it.
/// </remarks>
public interface IInferenceBackend : IAsyncDisposable
{
    /// <summary>What the backend has: its models and the devices it will use. Loads no model; may be asked again, for what has changed since.</summary>
    /// <exception cref="InferenceException">The configured device or a model folder is unusable; the message says what to do.</exception>
    ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>Loads a model so that its first run is not slower. Idempotent.</summary>
    ValueTask LoadAsync(string model, CancellationToken cancellationToken);

    /// <summary>Runs a model on one input.</summary>
    /// <param name="request">The input, bytes from outside: the backend checks them.</param>
    /// <param name="progress">Told from time to time, 0 to 100; may be null.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="InferenceException">The model is not there, the input is not what it takes, or the run failed.</exception>
    ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken);

    /// <summary>Runs a model on one input and gives the answer as it comes about: what can be shown so far, and with the last chunk, and only with it, the result.</summary>
    /// <remarks>The result is what <see cref="RunAsync"/> gives for the same request. Without a body of the backend's own: one chunk, when the run has ended.</remarks>
    /// <exception cref="InferenceException">As of <see cref="RunAsync"/>; also after some chunks.</exception>
    async IAsyncEnumerable<InferenceChunk> StreamAsync(
        InferenceRequest request, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new InferenceChunk(default, await RunAsync(request, progress, cancellationToken));
    }

    /// <summary>
    /// A model by its tokens, loaded: for those who choose each token themselves. Null, as without a body of the backend's own:
    /// it can't give the logits of this model, and its texts are those of <see cref="RunAsync"/>.
    /// </summary>
    /// <remarks>The backend's; nobody else disposes of it. It can be used until the model is unloaded or the backend is disposed.</remarks>
    /// <exception cref="InferenceException">The model is not there, or can't be loaded.</exception>
    ValueTask<ITokenModel?> OpenTokensAsync(string model, CancellationToken cancellationToken) => default;

    /// <summary>
    /// Whether <see cref="UnloadAsync"/> takes models out of memory, so that a miner can bound how many are loaded. Known at the latest once it has
    /// described itself; the same from then on. False without a body of the backend's own.
    /// </summary>
    bool CanUnload => false;

    /// <summary>Takes a model out of memory. The next call that needs it loads it again. Idempotent: what isn't loaded is unloaded.</summary>
    /// <returns>True when it takes no memory any more; false when it stays, since something is under way with it, or since the backend can't unload.</returns>
    /// <exception cref="InferenceException">The model is not there, or can't be unloaded.</exception>
    ValueTask<bool> UnloadAsync(string model, CancellationToken cancellationToken) => default;
}

/// <summary>A backend could not do what was asked; the message says what and what to do.</summary>
public sealed class InferenceException : Exception
{
    /// <summary>Makes the exception.</summary>
    public InferenceException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
