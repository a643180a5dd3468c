using SwarmPool.Core.Pool;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Sequencing;

/// <summary>What waits for its turn of the sequencer.</summary>
internal abstract class SequencerWork
{
    /// <param name="state">The durable state.</param>
    /// <param name="head">The record that it is at.</param>
    public abstract void Answer(PoolState state, JournalHead head);

    public abstract void Fail(Exception e);
}

/// <summary>An input that is to be decided.</summary>
internal sealed class InputWork(PoolInput input, PoolFacts facts) : SequencerWork
{
    public PoolInput Input { get; } = input;

    public PoolFacts Facts { get; } = facts;

    public Decision Decision { get; set; } = Decision.Nothing;

    public TaskCompletionSource<Decision> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Answer(PoolState state, JournalHead head) => Done.TrySetResult(Decision);

    public override void Fail(Exception e) => Done.TrySetException(e);
}

/// <summary>A question to the durable state.</summary>
internal sealed class Question<T>(Func<PoolState, JournalHead, T> question) : SequencerWork
{
    public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Answer(PoolState state, JournalHead head)
    {
        try
        {
            Done.TrySetResult(question(state, head));
        }
        catch (Exception e)
        {
            Done.TrySetException(e); // The asker's own mistake is the asker's to see.
        }
    }

    public override void Fail(Exception e) => Done.TrySetException(e);
}
