using System.Threading.Channels;

namespace SwarmPool.Programs.Reporting;

/// <summary>
/// Prints in the background, in order, so that a screen that can't keep up (a paused terminal, a full pipe) never holds a
/// pool's loops up. What does not fit is left out and counted.
/// </summary>
public sealed class Printer : IAsyncDisposable
{
    private const int Held = 4096;

    private readonly Channel<Action> queue = Channel.CreateBounded<Action>(new BoundedChannelOptions(Held) { SingleReader = true });
    private readonly Action<long> tellLeftOut;
    private readonly Task printing;
    private long leftOut;

    /// <summary>Prints from now on.</summary>
    /// <param name="tellLeftOut">Says that so many were left out.</param>
    public Printer(Action<long> tellLeftOut)
    {
        this.tellLeftOut = tellLeftOut;
        printing = PrintAsync();
    }

    /// <summary>Prints when its turn comes. Returns at once.</summary>
    public void Print(Action print)
    {
        if (!queue.Writer.TryWrite(print))
        {
            Interlocked.Increment(ref leftOut);
        }
    }

    /// <summary>Prints what is left, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await printing;
    }

    private async Task PrintAsync()
    {
        await foreach (var print in queue.Reader.ReadAllAsync())
        {
            print();
            if (Interlocked.Exchange(ref leftOut, 0) is > 0 and var count)
            {
                tellLeftOut(count);
            }
        }
    }
}
