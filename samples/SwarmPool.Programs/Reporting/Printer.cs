using System.Threading.Channels;

namespace SwarmPool.Programs.Reporting;

/// <summary>
/// Prints in the background, in order, so that a screen that can't keep up (a paused terminal, a full pipe) never holds a
/// pool's loops up. What does not fit, or what the output refuses (a full disk), is left out and counted; the next goes on.
/// </summary>
public sealed class Printer : IAsyncDisposable
{
    private const int Held = 4096;

    // At the end: for the next to be out, and for all.
    private static readonly TimeSpan OnePatience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan AllPatience = TimeSpan.FromSeconds(10);

    private readonly Channel<Action> queue = Channel.CreateBounded<Action>(new BoundedChannelOptions(Held) { SingleReader = true });
    private readonly Action<long> tellLeftOut;
    private readonly Task printing;
    private long leftOut;
    private long tried;
    private volatile bool isOver;

    /// <summary>Prints from now on.</summary>
    /// <param name="tellLeftOut">Says that so many were left out, on the thread that prints.</param>
    public Printer(Action<long> tellLeftOut)
    {
        this.tellLeftOut = tellLeftOut;
        printing = PrintAsync();
    }

    /// <summary>Says it in the output itself, where something was printed again; throws when it could not.</summary>
    public Action<long>? NoteLeftOut { get; set; }

    /// <summary>Prints when its turn comes. Returns at once.</summary>
    public void Print(Action print)
    {
        if (!queue.Writer.TryWrite(print))
        {
            Interlocked.Increment(ref leftOut);
        }
    }

    /// <summary>Prints what is left, then ends. An output that stands still for seconds is left to itself: an end must not wait for it.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        using var all = new CancellationTokenSource(AllPatience);
        for (var before = -1L; !printing.IsCompleted && before != Interlocked.Read(ref tried) && !all.IsCancellationRequested;)
        {
            before = Interlocked.Read(ref tried);
            await Task.WhenAny(printing, Task.Delay(OnePatience, TimeProvider.System, all.Token));
        }

        isOver = true;
        if (printing.IsCompleted)
        {
            await printing;
        }
    }

    private async Task PrintAsync()
    {
        await foreach (var print in queue.Reader.ReadAllAsync())
        {
            if (isOver)
            {
                return;
            }

            try
            {
                print();
                Tell();
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                Interlocked.Increment(ref leftOut); // Told with the next that is printed, or at the end.
            }

            Interlocked.Increment(ref tried);
        }

        if (Interlocked.Read(ref leftOut) is > 0 and var rest)
        {
            tellLeftOut(rest);
        }
    }

    private void Tell()
    {
        if (Interlocked.Read(ref leftOut) is > 0 and var count)
        {
            NoteLeftOut?.Invoke(count);
            Interlocked.Add(ref leftOut, -count);
            tellLeftOut(count);
        }
    }
}
