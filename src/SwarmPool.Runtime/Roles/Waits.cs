using SwarmPool.Transport;

namespace SwarmPool.Runtime.Roles;

/// <summary>Says what is waited for, when it takes longer than a second: nobody is to sit before a screen that says nothing.</summary>
/// <param name="observers">Are told.</param>
/// <param name="time">The clock.</param>
/// <remarks>Thread-safe. Among the services of each composition.</remarks>
public sealed class Waits(IEnumerable<IWaitObserver> observers, TimeProvider time)
{
    /// <summary>What is there sooner is not told; what is not, within two seconds of the program's start.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(750);

    private readonly IReadOnlyList<IWaitObserver> observers = [.. observers];

    /// <summary>Tells nobody.</summary>
    public static Waits Silent { get; } = new([], TimeProvider.System);

    /// <summary>Does the work, and says meanwhile what it waits for.</summary>
    /// <param name="wait">What it waits for.</param>
    /// <param name="work">The work.</param>
    /// <param name="problem">Says why that isn't there, as far as is known when it is told; null for nothing.</param>
    public async Task<T> RunAsync<T>(Wait wait, Func<Task<T>> work, Func<string?>? problem = null)
    {
        ArgumentNullException.ThrowIfNull(wait);
        ArgumentNullException.ThrowIfNull(work);
        using var watch = new Watch(observers, wait, problem, time);
        var result = await work();
        watch.End();
        return result;
    }

    /// <summary>As the other, without a result.</summary>
    /// <param name="wait">What it waits for.</param>
    /// <param name="work">The work.</param>
    /// <param name="problem">Says why that isn't there, as far as is known when it is told; null for nothing.</param>
    public Task RunAsync(Wait wait, Func<Task> work, Func<string?>? problem = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync(
            wait,
            async () =>
            {
                await work();
                return true;
            },
            problem);
    }

    /// <summary>Does work that has to go through a transport's link.</summary>
    internal Task RunAsync(TransportLink? link, string what, Func<Task> work, bool isTransport = false) =>
        RunAsync(new Wait(what, link?.Where, link?.StartPatience) { IsTransport = isTransport }, work, () => link?.Current.Problem);

    // Told at most once, and nothing after its end.
    private sealed class Watch : IDisposable
    {
        private readonly Lock gate = new();
        private readonly IReadOnlyList<IWaitObserver> observers;
        private readonly Func<string?>? problem;
        private readonly TimeProvider time;
        private readonly long began;
        private readonly ITimer timer;
        private Wait wait;
        private bool isTold;
        private bool isOver;

        public Watch(IReadOnlyList<IWaitObserver> observers, Wait wait, Func<string?>? problem, TimeProvider time)
        {
            (this.observers, this.wait, this.problem, this.time) = (observers, wait, problem, time);
            began = time.GetTimestamp();
            timer = time.CreateTimer(static watch => ((Watch)watch!).Tell(), this, observers.Count == 0 ? Timeout.InfiniteTimeSpan : Patience, Timeout.InfiniteTimeSpan);
        }

        public void End()
        {
            lock (gate)
            {
                isOver = true;
                if (isTold)
                {
                    Each(observer => observer.WaitEnded(wait, time.GetElapsedTime(began)));
                }
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                isOver = true;
            }

            timer.Dispose();
        }

        private void Tell()
        {
            lock (gate)
            {
                if (!isOver)
                {
                    isTold = true;
                    wait = wait with { Problem = problem?.Invoke() };
                    Each(observer => observer.Waiting(wait));
                }
            }
        }

        private void Each(Action<IWaitObserver> tell)
        {
            foreach (var observer in observers)
            {
                tell(observer);
            }
        }
    }
}
