namespace SwarmPool.Simulation.Tests.Engine;

/// <summary>Leaves the thread pool one worker for as long as this lives: all the others are made to wait.</summary>
/// <remarks>
/// The base library sends some continuations over the thread pool whatever scheduler or context is current (a task that
/// runs its continuations asynchronously, waited for by WaitAsync or WhenAny; ReadAllAsync of a channel). They only come
/// back to the context that was captured, but with several workers they come back in an order of chance. The simulation
/// runs on the one worker that is left, so these hops happen between its steps, one after the other.
/// </remarks>
internal sealed class SingleWorker : IDisposable
{
    private readonly ManualResetEventSlim end = new();
    private readonly CountdownEvent parked;

    private SingleWorker(int others) => parked = new CountdownEvent(Math.Max(1, others));

    public static async Task<SingleWorker> TakeAsync()
    {
        var workers = Environment.ProcessorCount;
        ThreadPool.GetMaxThreads(out _, out var io);
        ThreadPool.GetMinThreads(out _, out var minIo);
        ThreadPool.SetMinThreads(workers, minIo);
        if (!ThreadPool.SetMaxThreads(workers, io))
        {
            throw new InvalidOperationException("The thread pool can't be limited; the simulation would not be the same twice.");
        }

        var taken = new SingleWorker(workers - 1);
        for (var i = 1; i < workers; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Park(), taken, preferLocal: false);
        }

        while (workers > 1 && !taken.parked.IsSet)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        return taken;
    }

    public void Dispose() => end.Set();

    private void Park()
    {
        parked.Signal();
        end.Wait();
    }
}
