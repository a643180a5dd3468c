using System.Diagnostics.CodeAnalysis;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Content;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// Fetches the inputs of jobs, or the outputs of proofs: small ones as they come, and of larger ones only so many at a time, since each worker
/// would otherwise hold one of the largest.
/// </summary>
/// <param name="content">Where from.</param>
/// <param name="maxBytes">The largest.</param>
/// <param name="patience">How long one fetch may take.</param>
/// <param name="what">What it is, for refusals: "The job's input".</param>
/// <param name="code">The code of a refusal; null: what the fetch says.</param>
/// <remarks>Thread-safe.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for has nothing to free.")]
internal sealed class RationedReader(ContentReader content, int maxBytes, TimeSpan patience, string what, string? code = null)
{
    /// <summary>What is fetched without a place among the large ones.</summary>
    public const int SmallBytes = 1024 * 1024;

    /// <summary>Large ones at a time.</summary>
    public const int LargeAtATime = 4;

    private readonly SemaphoreSlim large = new(LargeAtATime);

    /// <summary>Runs <paramref name="use"/> on the content, or gives the refusal that names what was wrong. The content is not to be kept.</summary>
    public async ValueTask<(T? Result, Refusal? Refusal)> UseAsync<T>(
        Cid cid, Func<ReadOnlyMemory<byte>, ValueTask<(T?, Refusal?)>> use, CancellationToken cancellationToken)
        where T : class
    {
        var (bytes, missing) = await content.FetchAsync(cid, Math.Min(maxBytes, SmallBytes), patience, cancellationToken);
        if (missing?.Code != ErrorCodes.ContentTooLarge || maxBytes <= SmallBytes)
        {
            return missing is null ? await use(bytes) : (null, Unavailable(missing));
        }

        await large.WaitAsync(cancellationToken);
        try
        {
            (bytes, missing) = await content.FetchAsync(cid, maxBytes, patience, cancellationToken);
            return missing is null ? await use(bytes) : (null, Unavailable(missing));
        }
        finally
        {
            large.Release();
        }
    }

    private Refusal Unavailable(Refusal missing) => new(code ?? missing.Code, $"{what} could not be read: {missing.Reason}");
}
