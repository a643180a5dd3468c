using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Which models are loaded, and no more of them than the miner allows: before another is used, the one that was not used for longest is
/// unloaded. One that is in use never is; who needs room waits for the first that is free.
/// </summary>
/// <param name="backend">Loads models when they are first used, and unloads them.</param>
/// <param name="most">The most that may be loaded; 0 for no limit.</param>
/// <remarks>Thread-safe. Who comes first is served first, so that nobody waits for ever while others use what is loaded.</remarks>
internal sealed class LoadedModels(IInferenceBackend backend, int most)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Loaded> loaded = new(StringComparer.Ordinal);
    private TaskCompletionSource released = NewSignal();
    private Task last = Task.CompletedTask;
    private long moment;

    /// <summary>The models that may be loaded now, the one that was not used for longest first.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (gate)
            {
                return [.. loaded.OrderBy(static pair => pair.Value.LastUse).Select(static pair => pair.Key)];
            }
        }
    }

    /// <summary>Makes room for a model, and keeps it until what is returned is disposed of.</summary>
    /// <exception cref="InferenceException">SP5221: the model that was to make room stays.</exception>
    public async Task<IDisposable?> UseAsync(string model, CancellationToken cancellationToken)
    {
        if (most == 0)
        {
            return null;
        }

        var own = NewSignal();
        Task before;
        lock (gate)
        {
            (before, last) = (last, own.Task);
        }

        try
        {
            await before.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = PassOnAsync(before, own);
            throw;
        }

        try
        {
            while (true)
            {
                Task free;
                lock (gate)
                {
                    if (loaded.TryGetValue(model, out var used) || loaded.Count < most)
                    {
                        used ??= loaded[model] = new Loaded();
                        used.Uses++;
                        return new Use(this, used);
                    }

                    free = released.Task;
                }

                if (Idle() is { } idle)
                {
                    await UnloadAsync(idle, model, cancellationToken);
                }
                else
                {
                    await free.WaitAsync(cancellationToken);
                }
            }
        }
        finally
        {
            own.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Who is behind one that gave up waits for who is before it.
    private static async Task PassOnAsync(Task before, TaskCompletionSource own)
    {
        await before;
        own.TrySetResult();
    }

    private string? Idle()
    {
        lock (gate)
        {
            return loaded.Where(static pair => pair.Value.Uses == 0).OrderBy(static pair => pair.Value.LastUse).Select(static pair => pair.Key).FirstOrDefault();
        }
    }

    // Whose turn it is alone begins to use a model, so that this one stays unused meanwhile.
    private async Task UnloadAsync(string idle, string model, CancellationToken cancellationToken)
    {
        string? why = null;
        try
        {
            if (!await backend.UnloadAsync(idle, cancellationToken))
            {
                why = "something is under way with it";
            }
        }
        catch (InferenceException failure)
        {
            why = failure.Message.TrimEnd('.');
        }

        lock (gate)
        {
            if (why is null)
            {
                loaded.Remove(idle);
                return;
            }

            loaded[idle].LastUse = ++moment; // Next time another one is asked.
        }

        throw new InferenceException(new Refusal(
            ErrorCodes.ModelStaysLoaded, $"The backend keeps the model {idle}, which was to make room for {model} (max_loaded_models {most}): {why}.").ToString());
    }

    private void Release(Loaded own)
    {
        TaskCompletionSource signal;
        lock (gate)
        {
            own.Uses--;
            own.LastUse = ++moment;
            (signal, released) = (released, NewSignal());
        }

        signal.TrySetResult();
    }

    private sealed class Loaded
    {
        public int Uses { get; set; }

        public long LastUse { get; set; }
    }

    private sealed class Use(LoadedModels models, Loaded own) : IDisposable
    {
        private Loaded? used = own;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref used, null) is { } once)
            {
                models.Release(once);
            }
        }
    }
}
