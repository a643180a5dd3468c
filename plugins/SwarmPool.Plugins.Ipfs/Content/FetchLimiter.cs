using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Content;

/// <summary>
/// How many fetches run side by side. One that does not end soon leaves the quick lane to others and waits in the patient
/// one, so that unavailable contents, which anybody may name, do not delay the others.
/// </summary>
internal sealed class FetchLimiter(int quickPlaces, int patientPlaces, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan QuickTime = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim quick = new(quickPlaces);
    private readonly SemaphoreSlim patient = new(patientPlaces);

    /// <exception cref="TransportException">The patient lane is full.</exception>
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

        if (!patient.Wait(0, CancellationToken.None))
        {
            await life.CancelAsync();
            await ((Task)work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            throw new TransportException(
                TransportFault.Unavailable, $"{patientPlaces} fetches already wait for content that does not arrive; this one was not started. Try again later.");
        }

        try
        {
            return await work;
        }
        finally
        {
            patient.Release();
        }
    }

    public void Dispose()
    {
        quick.Dispose();
        patient.Dispose();
    }
}
