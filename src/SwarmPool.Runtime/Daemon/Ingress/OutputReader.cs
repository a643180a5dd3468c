using System.Diagnostics.CodeAnalysis;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Content;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// Fetches proofs' outputs: small ones as they come, and of larger ones only so many at a time, since each worker that checks a proof would
/// otherwise hold one of the largest.
/// </summary>
/// <remarks>Thread-safe.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for has nothing to free.")]
internal sealed class OutputReader(ContentReader content, int maxBytes, TimeSpan patience)
{
    /// <summary>What is fetched without a place among the large ones.</summary>
    public const int SmallBytes = 1024 * 1024;

    /// <summary>Large ones at a time.</summary>
    public const int LargeAtATime = 4;

    private readonly SemaphoreSlim large = new(LargeAtATime);

    /// <summary>Runs <paramref name="use"/> on the output, or gives the refusal that names what was wrong. The output is not to be kept.</summary>
    public async ValueTask<(T? Result, Refusal? Refusal)> UseAsync<T>(
        Cid output, Func<ReadOnlyMemory<byte>, ValueTask<(T?, Refusal?)>> use, CancellationToken cancellationToken)
        where T : class
    {
        var (bytes, missing) = await content.FetchAsync(output, Math.Min(maxBytes, SmallBytes), patience, cancellationToken);
        if (missing?.Code != ErrorCodes.ContentTooLarge || maxBytes <= SmallBytes)
        {
            return missing is null ? await use(bytes) : (null, Unavailable(missing));
        }

        await large.WaitAsync(cancellationToken);
        try
        {
            (bytes, missing) = await content.FetchAsync(output, maxBytes, patience, cancellationToken);
            return missing is null ? await use(bytes) : (null, Unavailable(missing));
        }
        finally
        {
            large.Release();
        }
    }

    private static Refusal Unavailable(Refusal missing) => new(ErrorCodes.OutputUnavailable, $"The proof's output could not be read: {missing.Reason}");
}
