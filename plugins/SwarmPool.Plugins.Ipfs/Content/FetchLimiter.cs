using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Content;

/// <summary>
/// Limits how many fetches run concurrently. One that does not end soon leaves the quick queue to others and moves to the slow
/// one, so that unavailable contents, which anybody may name, do not delay the others.
/// </summary>
internal sealed class FetchLimiter(int maxQuick, int maxSlow, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan QuickTime = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim quick = new(maxQuick);
    private readonly SemaphoreSlim slow = new(maxSlow);

    /// <exception cref="TransportException">The slow queue is full.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> fetch, CancellationToken cancellationToken)
    {
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await quick.WaitAsync(cancellationToken);
        Task<T> work;
        try
        {
            work = fetch(life.Token);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(work, Task.Delay(QuickTime, time, over.Token));
            await over.CancelAsync();
        }
        finally
        {
            quick.Release();
        }

        if (work.IsCompleted)
        {
            return await work;
        }

        if (!slow.Wait(0, CancellationToken.None))
        {
            await life.CancelAsync();
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            throw new TransportException(
                TransportFault.Unavailable, $"{maxSlow} fetches already wait for content that does not arrive; this one was cancelled. Try again later.");
        }

        try
        {
            return await work;
        }
        finally
        {
            slow.Release();
        }
    }

    public void Dispose()
    {
        quick.Dispose();
        slow.Dispose();
    }
}
