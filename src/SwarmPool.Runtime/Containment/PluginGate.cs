using System.Runtime.CompilerServices;

namespace SwarmPool.Runtime.Containment;

/// <summary>
/// What every call into a slot passes: it gets an answer in time, and an answer by the contract. What a plugin throws
/// beyond its contract, and a call that hangs, become the one exception that the slot's contract has for "it failed",
/// named and counted. So the roles know contracts alone, whatever a plugin does.
/// </summary>
/// <param name="place">Whose slot it is.</param>
/// <param name="faults">Counts.</param>
/// <param name="time">The clock of the limits.</param>
/// <param name="isContract">Whether the contract names an exception.</param>
/// <param name="asContract">The contract's exception for "it failed", of a message and a cause.</param>
/// <remarks>
/// Thread-safe. A call that has its answer at once costs no more than the interface call. A call that blocks its thread in
/// the place of awaiting can't be left behind here; policies, backends and verifiers run on tasks of their own for that reason.
/// </remarks>
internal sealed class PluginGate(
    PluginPlace place, PluginFaults faults, TimeProvider time, Func<Exception, bool> isContract, Func<string, Exception?, Exception> asContract)
{
    /// <summary>How long a call may take that nobody else limits.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>How long storing content, loading a model or the like may take.</summary>
    public static readonly TimeSpan LongLimit = TimeSpan.FromMinutes(10);

    public ValueTask<TResult> CallAsync<TState, TResult>(
        string what, TState state, Func<TState, CancellationToken, ValueTask<TResult>> call, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        ValueTask<TResult> pending;
        try
        {
            pending = call(state, cancellationToken);
        }
        catch (Exception thrown) when (!IsCancellation(thrown, cancellationToken))
        {
            return ValueTask.FromException<TResult>(Said(what, thrown));
        }

        return pending.IsCompletedSuccessfully ? pending : AwaitAsync(what, pending.AsTask(), limit ?? Limit, cancellationToken);
    }

    public ValueTask CallAsync<TState>(
        string what, TState state, Func<TState, CancellationToken, ValueTask> call, CancellationToken cancellationToken, TimeSpan? limit = null)
    {
        ValueTask pending;
        try
        {
            pending = call(state, cancellationToken);
        }
        catch (Exception thrown) when (!IsCancellation(thrown, cancellationToken))
        {
            return ValueTask.FromException(Said(what, thrown));
        }

        return pending.IsCompletedSuccessfully ? pending : new ValueTask(AwaitAsync(what, Answered(pending), limit ?? Limit, cancellationToken).AsTask());
    }

    /// <summary>A property, or another call that answers at once.</summary>
    public TResult Call<TState, TResult>(string what, TState state, Func<TState, TResult> call)
    {
        try
        {
            return call(state);
        }
        catch (Exception thrown) when (!isContract(thrown) || faults.Secrets.Clean(thrown) != thrown)
        {
            throw Said(what, thrown);
        }
    }

    /// <summary>A stream. What waits for its next item may wait for ever: that is what streams are for.</summary>
    public async IAsyncEnumerable<TItem> ReadAsync<TState, TItem>(
        string what, TState state, Func<TState, CancellationToken, IAsyncEnumerable<TItem>> call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = Call(what, (state, call, cancellationToken), static s => s.call(s.state, s.cancellationToken).GetAsyncEnumerator(s.cancellationToken));
        while (true)
        {
            var next = CallAsync(what, items, static (i, _) => i.MoveNextAsync(), cancellationToken, Timeout.InfiniteTimeSpan);
            if (!(next.IsCompletedSuccessfully ? next.Result : await next))
            {
                yield break;
            }

            yield return items.Current;
        }
    }

    /// <summary>Ends something of the plugin's. What goes wrong is counted and logged, and nothing more: what ends is not held up by how it ends.</summary>
    public async ValueTask EndAsync(string what, object ended)
    {
        try
        {
            if (ended is IAsyncDisposable asynchronous)
            {
                await CallAsync(what, asynchronous, static (e, _) => e.DisposeAsync(), CancellationToken.None);
            }
            else
            {
                (ended as IDisposable)?.Dispose();
            }
        }
        catch (Exception thrown) when (ended is not IAsyncDisposable)
        {
            Threw(what, thrown);
        }
        catch (Exception)
        {
            return; // Counted and logged on its way here; or its contract's own way of saying so, which nobody needs any longer.
        }
    }

    /// <summary>Counts what was thrown, and says it by the contract.</summary>
    public Exception Threw(string what, Exception thrown)
    {
        faults.Threw(place, what, thrown);
        return asContract($"{place}: {what} threw {thrown.GetType().Name}: {faults.Secrets.Clean(thrown.Message)}", faults.Secrets.Clean(thrown));
    }

    /// <summary>What a plugin said, without secrets.</summary>
    public string Clean(string said) => faults.Secrets.Clean(said);

    // What the contract names, without secrets; what it doesn't, by the contract.
    private Exception Said(string what, Exception thrown) => isContract(thrown) ? PluginSecrets.Clean(faults.Secrets, thrown) : Threw(what, thrown);

    /// <summary>Counts a call that is left behind, hears how it ends after all, and says it by the contract.</summary>
    public Exception LeftBehind(string what, Task left, TimeSpan limit)
    {
        faults.Hangs(place, what, limit);
        _ = faults.ObserveAsync(place, left);
        return asContract($"{place}: {what} did not answer within {limit.TotalSeconds:0} s", null);
    }

    private async ValueTask<TResult> AwaitAsync<TResult>(string what, Task<TResult> pending, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return limit == Timeout.InfiniteTimeSpan ? await pending : await pending.WaitAsync(limit, time, CancellationToken.None);
        }
        catch (TimeoutException) when (!pending.IsCompleted)
        {
            throw LeftBehind(what, pending, limit);
        }
        catch (Exception thrown) when (!IsContract(thrown, cancellationToken) || (isContract(thrown) && faults.Secrets.Clean(thrown) != thrown))
        {
            throw Said(what, thrown);
        }
    }

    private static async Task<bool> Answered(ValueTask pending)
    {
        await pending;
        return true;
    }

    private bool IsContract(Exception thrown, CancellationToken cancellationToken) =>
        isContract(thrown) || IsCancellation(thrown, cancellationToken);

    private static bool IsCancellation(Exception thrown, CancellationToken cancellationToken) =>
        thrown is OperationCanceledException && cancellationToken.IsCancellationRequested;
}
