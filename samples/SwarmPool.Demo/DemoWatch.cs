using System.Collections.Concurrent;
using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Demo;

/// <summary>What the daemon did, for the screen and the counts.</summary>
internal sealed class DemoWatch(DemoScreen screen) : IDaemonObserver
{
    private readonly TaskCompletionSource<SealedEpoch> sealedEpoch = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<EnsName, bool> joined = new();
    private readonly TaskCompletionSource allJoined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int requeued;

    public int MinersExpected { get; init; } = 4;

    public int Requeued => Volatile.Read(ref requeued);

    public Task<SealedEpoch> FirstSealed => sealedEpoch.Task;

    public Task AllJoined => allJoined.Task;

    public void Announced(string type, object item)
    {
        switch (item)
        {
            case MinerJoinedItem miner:
                screen.Pool($"miner {miner.Miner} joined ({miner.Mode}, {string.Join(", ", miner.Models)})");
                if (joined.TryAdd(miner.Miner, true) && joined.Count == MinersExpected)
                {
                    allJoined.TrySetResult();
                }

                break;
            case ClaimAcceptedItem claim:
                screen.Pool($"{claim.JobCid.ToShortString()} claimed by {claim.Miner}");
                break;
            case ClaimTimeoutItem timeout:
                Interlocked.Increment(ref requeued);
                screen.Trouble("pool", $"{timeout.JobCid.ToShortString()} is back: {timeout.Reason} of {timeout.Miner}");
                break;
            case ProofAcceptedItem proof:
                screen.Pool($"{proof.JobCid.ToShortString()} proved by {proof.Miner}");
                break;
        }
    }

    public void Refused(string type, EnsName from, string code, string reason) => screen.Pool($"refused a {type} of {from} ({code})");

    public void Sealed(EpochSnapshot epoch, Cid cid, IReadOnlyList<PayoutItem> payouts) =>
        sealedEpoch.TrySetResult(new SealedEpoch(epoch, cid, payouts));

    public void Unsettled(string epochId, string code, string reason) =>
        sealedEpoch.TrySetException(new InvalidOperationException($"{epochId} could not be settled: {code} {reason}"));
}

internal sealed record SealedEpoch(EpochSnapshot Epoch, Cid Cid, IReadOnlyList<PayoutItem> Payouts);
