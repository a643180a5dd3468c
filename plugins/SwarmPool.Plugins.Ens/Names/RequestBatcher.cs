using System.Diagnostics.CodeAnalysis;
using SwarmPool.Identity;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>
/// Gathers names that are asked for at about the same time, so that one request can ask for many. A name that is asked for
/// while it is waited for is asked for once.
/// </summary>
/// <remarks>Thread-safe. Bounded by its callers, each of whom waits for one name.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for has nothing to free.")]
internal sealed class RequestBatcher<T>(int most, TimeProvider time, Func<IReadOnlyList<EnsName>, Task<Task<T>[]>> askAsync)
{
    /// <summary>How long the first waits for more: nothing beside a request, and enough for a burst.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim lanes = new(4, 4);
    private Dictionary<EnsName, TaskCompletionSource<T>> waiting = [];

    public Task<T> AskAsync(EnsName name, CancellationToken cancellationToken)
    {
        Task<T> answer;
        lock (gate)
        {
            if (!waiting.TryGetValue(name, out var source))
            {
                source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting.Add(name, source);
                if (waiting.Count == 1)
                {
                    _ = SendSoonAsync();
                }
            }

            answer = source.Task;
        }

        return answer.WaitAsync(cancellationToken);
    }

    // Never faults: whatever happens reaches those who wait.
    private async Task SendSoonAsync()
    {
        await Task.Delay(Window, time).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Dictionary<EnsName, TaskCompletionSource<T>> all;
        lock (gate)
        {
            (all, waiting) = (waiting, []);
        }

        await Task.WhenAll(all.Chunk(most).Select(SendAsync));
    }

    // One that is late keeps no other. Never faults.
    private static async Task PassOnAsync(Task<T> answer, TaskCompletionSource<T> source)
    {
        try
        {
            source.SetResult(await answer);
        }
        catch (Exception e)
        {
            source.SetException(e);
        }
    }

    private async Task SendAsync(KeyValuePair<EnsName, TaskCompletionSource<T>>[] chunk)
    {
        await lanes.WaitAsync();
        try
        {
            var answers = await askAsync([.. chunk.Select(static entry => entry.Key)]);
            for (var i = 0; i < chunk.Length; i++)
            {
                _ = PassOnAsync(answers[i], chunk[i].Value);
            }
        }
        catch (Exception e)
        {
            foreach (var (_, source) in chunk)
            {
                source.TrySetException(e);
            }
        }
        finally
        {
            lanes.Release();
        }
    }
}
