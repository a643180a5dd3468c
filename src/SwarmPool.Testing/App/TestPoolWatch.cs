using System.Threading.Channels;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Testing.App;

/// <summary>Sees what the daemon does.</summary>
internal sealed class TestPoolWatch(int miners) : IDaemonObserver
{
    private readonly TaskCompletionSource allJoined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<TestEpoch> epochs = Channel.CreateUnbounded<TestEpoch>();
    private int joined;

    /// <summary>Completes when every miner is registered.</summary>
    public Task AllJoined => allJoined.Task;

    public ValueTask<TestEpoch> NextAsync(CancellationToken cancellationToken) => epochs.Reader.ReadAsync(cancellationToken);

    public void Announced(string type, object item)
    {
        if (item is MinerJoinedItem && Interlocked.Increment(ref joined) == miners)
        {
            allJoined.TrySetResult();
        }
    }

    public void Sealed(EpochSnapshot epoch, Cid cid, IReadOnlyList<PayoutItem> payouts) => epochs.Writer.TryWrite(new TestEpoch(cid, epoch, payouts));

    public void Unsettled(string epochId, string code, string reason) =>
        epochs.Writer.TryComplete(new InvalidOperationException($"The epoch {epochId} could not be settled. {code}: {reason}"));
}
