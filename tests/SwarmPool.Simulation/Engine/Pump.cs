namespace SwarmPool.Simulation.Engine;

/// <summary>The one thread of a run: takes what is ready in an order of the seed, and lets time pass when nothing is.</summary>
/// <remarks>
/// It is a work item of the thread pool's only worker (the project's runtime settings allow no other), and steps aside
/// whenever others wait there. The base library sends some continuations over the thread pool whatever scheduler or context
/// is current (a task that runs its continuations asynchronously, waited for by WaitAsync or WhenAny; ReadAllAsync of a
/// channel). With several workers they would come back to their context in an order of chance; with one they come between
/// two steps, one after the other.
/// </remarks>
internal sealed class Pump(Dice dice, double disorder) : IThreadPoolWorkItem
{
    private const int MaxReady = 200_000;
    private const int Window = 12;

    private readonly Lock gate = new();
    private readonly List<(SimProcess Process, SendOrPostCallback Callback, object? State)> ready = [];
    private readonly PriorityQueue<(SimProcess Process, Action Fire), (long Due, long Order)> timers = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int first;
    private long order;
    private int thread;
    private Func<bool> isOver = static () => false;

    /// <summary>Virtual time since the beginning, in ticks.</summary>
    public long Now { get; private set; }

    public long Steps { get; private set; }

    public long MostReady { get; private set; }

    /// <summary>True while a step runs; what a role does outside of one has escaped its scheduler.</summary>
    public bool IsInStep { get; private set; }

    public List<string> Problems { get; } = [];

    public TimeSpan Elapsed => TimeSpan.FromTicks(Now);

    public Task RunAsync(Func<bool> over)
    {
        isOver = over;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return ended.Task;
    }

    public void Enqueue(SimProcess process, SendOrPostCallback callback, object? state)
    {
        lock (gate)
        {
            if (thread != 0 && thread != Environment.CurrentManagedThreadId)
            {
                Problem($"{process.Name} was woken from another thread");
            }

            ready.Add((process, callback, state));
            MostReady = Math.Max(MostReady, ready.Count - first);
        }
    }

    public void At(TimeSpan wait, SimProcess process, Action fire)
    {
        lock (gate)
        {
            timers.Enqueue((process, fire), (Now + Math.Max(0, wait.Ticks), ++order));
        }
    }

    public void RequireStep(string what)
    {
        if (!IsInStep)
        {
            Problem($"{what} was called outside of the scheduler");
        }
    }

    public void Problem(string what)
    {
        if (Problems.Count < 20)
        {
            Problems.Add($"{Elapsed:hh\\:mm\\:ss\\.fff} {what}");
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        thread = Environment.CurrentManagedThreadId;
        while (ThreadPool.PendingWorkItemCount == 0)
        {
            if (isOver() || Problems.Count > 0 || !Step())
            {
                ended.TrySetResult();
                return;
            }
        }

        thread = 0; // What runs between is alone, too, but the pool may have put another thread in its worker's place.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool Step()
    {
        Steps++;
        if (ready.Count - first > MaxReady)
        {
            Problem($"{MaxReady} steps wait: something spins");
            return false;
        }

        if (first < ready.Count)
        {
            var (process, callback, state) = Take();
            Run(process, callback, state);
            return true;
        }

        if (!timers.TryDequeue(out var timer, out var due))
        {
            Problem("nothing is left to do, and the run is not over");
            return false;
        }

        Now = Math.Max(Now, due.Due);
        Run(timer.Process, static fire => ((Action)fire!)(), timer.Fire);
        return true;
    }

    private (SimProcess Process, SendOrPostCallback Callback, object? State) Take()
    {
        var count = ready.Count - first;
        if (count > 1 && dice.Chance(disorder))
        {
            var other = first + dice.Below(Math.Min(count, Window));
            (ready[first], ready[other]) = (ready[other], ready[first]);
        }

        var taken = ready[first];
        ready[first++] = default;
        if (first == ready.Count)
        {
            ready.Clear();
            first = 0;
        }

        return taken;
    }

    private void Run(SimProcess process, SendOrPostCallback callback, object? state)
    {
        if (process.IsDead)
        {
            return;
        }

        if (process.IsPaused)
        {
            process.Hold(callback, state);
            return;
        }

        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(process.Context);
        IsInStep = true;
        try
        {
            callback(state);
        }
        catch (Exception e)
        {
            Problem($"{process.Name} threw where nobody catches: {e}");
        }
        finally
        {
            IsInStep = false;
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}
