namespace SwarmPool.Runtime.Backends;

/// <summary>
/// What follows from the ends of a backend's processes: a pause before the next is started, longer each time in a row; and that a model which
/// was under way each time is not offered any more.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BackendDeaths(TimeProvider time)
{
    /// <summary>How many ends in a row, with no run of the model that succeeded between them, are enough.</summary>
    public const int Enough = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, int> inARow = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> withdrawn = new(StringComparer.Ordinal);
    private TaskCompletionSource changed = NewSignal();
    private TimeSpan pause;
    private long since;

    /// <summary>The models that are not offered any more, each with what it did last.</summary>
    public IReadOnlyDictionary<string, string> Withdrawn
    {
        get
        {
            lock (gate)
            {
                return new Dictionary<string, string>(withdrawn, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>How long no process is started yet.</summary>
    public TimeSpan Pause
    {
        get
        {
            lock (gate)
            {
                var left = pause - time.GetElapsedTime(since);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Completes when there is one more of <see cref="Withdrawn"/> than now.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
            {
                return changed.Task;
            }
        }
    }

    /// <summary>A process ended, or could not be made.</summary>
    public void Add(BackendDeath death)
    {
        TaskCompletionSource? signal = null;
        lock (gate)
        {
            pause = pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            since = time.GetTimestamp();
            foreach (var model in death.Models)
            {
                inARow[model] = inARow.GetValueOrDefault(model) + 1;
                if (inARow[model] == Enough && withdrawn.TryAdd(model, death.What))
                {
                    signal = changed;
                }
            }

            if (signal is not null)
            {
                changed = NewSignal();
            }
        }

        signal?.TrySetResult();
    }

    /// <summary>A run of a model has come to its end.</summary>
    public void Succeeded(string model)
    {
        lock (gate)
        {
            pause = TimeSpan.Zero;
            inARow.Remove(model);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
