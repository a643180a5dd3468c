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
    private const int Spare = 6;

    private readonly SemaphoreSlim gate = new(0);
    private int parked;
    private volatile bool isFull;

    private SingleWorker()
    {
    }

    public static Task<SingleWorker> TakeAsync()
    {
        var workers = Environment.ProcessorCount + Spare;
        ThreadPool.GetMaxThreads(out _, out var io);
        ThreadPool.GetMinThreads(out _, out var minIo);
        if (!ThreadPool.SetMaxThreads(workers, io) || !ThreadPool.SetMinThreads(workers, minIo))
        {
            throw new InvalidOperationException("The thread pool can't be limited; the simulation would not be the same twice.");
        }

        var taken = new TaskCompletionSource<SingleWorker>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => taken.SetResult(Take(workers))) { IsBackground = true }.Start();
        return taken.Task;
    }

    public void Dispose() => gate.Release(parked);

    // Some workers may be waiting for good in the test platform: as many are parked as can be, and then one is let go.
    private static SingleWorker Take(int workers)
    {
        var one = new SingleWorker();
        for (var i = 0; i < workers; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Park(), one, preferLocal: false);
        }

        for (int last = -1, same = 0; same < 10; last = one.parked)
        {
            Thread.Sleep(25);
            same = last == one.parked ? same + 1 : 0;
        }

        one.isFull = true;
        one.parked--;
        one.gate.Release();
        return one;
    }

    private void Park()
    {
        if (!isFull)
        {
            Interlocked.Increment(ref parked);
            gate.Wait();
        }
    }
}
