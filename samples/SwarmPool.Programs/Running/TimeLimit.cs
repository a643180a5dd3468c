using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Running;

/// <summary>The most time that a command takes, its start among it: what can't be told to stop is left behind.</summary>
/// <remarks>Good for one command.</remarks>
public sealed class TimeLimit : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly TimeProvider time;
    private readonly CancellationTokenSource source;

    /// <summary>Begins now.</summary>
    /// <param name="seconds">The limit; null for none.</param>
    /// <param name="time">The clock.</param>
    public TimeLimit(int? seconds, TimeProvider time)
    {
        this.time = time;
        Span = seconds is { } most ? TimeSpan.FromSeconds(most) : Timeout.InfiniteTimeSpan;
        source = new CancellationTokenSource(Span, time);
    }

    /// <summary>The limit; infinite for none.</summary>
    public TimeSpan Span { get; }

    /// <summary>Whether the time is over.</summary>
    public bool IsOver => source.IsCancellationRequested;

    /// <summary>The work has told that the time is over; nothing else says so then.</summary>
    public bool IsTold { get; set; }

    /// <summary>Does the work within the limit, and a second more for it to end in good order.</summary>
    /// <param name="work">The work; it may itself say that the time is over, and return its exit code.</param>
    /// <param name="over">Says that the time is over, when the work didn't; with what ended it, if anything did.</param>
    /// <param name="stop">Told to stop.</param>
    /// <returns>The work's exit code, or 6 when the time is over.</returns>
    public async Task<int> RunAsync(Func<CancellationToken, Task<int>> work, Action<Exception?> over, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(over);
        var both = CancellationTokenSource.CreateLinkedTokenSource(source.Token, stop); // Work that is left behind still holds it.
        var last = Task.Delay(Span == Timeout.InfiniteTimeSpan ? Span : Span + Grace, time, CancellationToken.None);
        try
        {
            var working = work(both.Token);
            if (await Task.WhenAny(working, last) == working)
            {
                return await working;
            }

            Tell(null);
        }
        catch (Exception fault) when (IsOver && !stop.IsCancellationRequested)
        {
            Tell(fault is OperationCanceledException ? null : fault);
        }

        return ExitCodes.GaveUp;

        void Tell(Exception? fault)
        {
            if (!IsTold)
            {
                over(fault);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
