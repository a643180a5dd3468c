namespace SwarmPool.Runtime.Collections;

/// <summary>Lets so many through at a time, and has parties take turns: one that wants through a thousand times keeps another waiting for one turn.</summary>
/// <param name="places">How many are inside at a time.</param>
/// <param name="most">How many may wait; more is the callers' mistake.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class FairGate(int places, int most)
{
    private readonly Lock gate = new();
    private readonly FairBuffer<TaskCompletionSource> waiting = new(most);
    private int free = places;

    /// <summary>Completes when it is the party's turn; whoever got through calls <see cref="Leave"/>.</summary>
    /// <exception cref="InvalidOperationException">More wait than may.</exception>
    public async ValueTask EnterAsync(string party, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var lost = new List<TaskCompletionSource>(0);
        lock (gate)
        {
            if (free > 0)
            {
                free--;
                return;
            }

            if (!waiting.TryAdd(party, "", turn, 1, lost))
            {
                lost.Add(turn);
            }
        }

        lost.ForEach(static one => one.TrySetException(new InvalidOperationException("Too many wait at a gate.")));
        await using var givesUp = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    /// <summary>Lets the next one through.</summary>
    public void Leave()
    {
        lock (gate)
        {
            while (waiting.TryTake(out var next))
            {
                if (next.TrySetResult())
                {
                    return; // One that gave up meanwhile is passed over.
                }
            }

            free++;
        }
    }
}
