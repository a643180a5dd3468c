using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Tells the pool that the miner is alive: now and then while it is idle, and for each job often enough to renew its lease.
/// One that gets lost is made good by the next.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for has nothing to free.")]
internal sealed class Heartbeats(MinerMessageFactory messages, RetryingSender sender, MinerCounts counts, JobEventDispatcher dispatcher, PoolClock clock, TimeProvider time, ILogger<Heartbeats> logger)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);

    // A pool takes one heartbeat a second of a name, and none from 300 s ahead. What many jobs at once want beyond that
    // waits its turn, first come first served, so that each of them is renewed.
    private const long MostSecondsAhead = 30;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private int seconds = 30;

    /// <summary>How often the pool wants to hear of a miner, in seconds.</summary>
    public int IntervalSeconds
    {
        get => Volatile.Read(ref seconds);
        set => Volatile.Write(ref seconds, Math.Clamp(value, 1, 3600));
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(IntervalSeconds), time, cancellationToken);
            if (dispatcher.Count == 0)
            {
                await BeatAsync(null, null, cancellationToken);
            }
        }
    }

    /// <summary>Renews a claim until cancelled: at least at every third of the lease that it was won with.</summary>
    public async Task RenewAsync(ClaimAcceptedItem claim, RunProgress progress, CancellationToken cancellationToken)
    {
        var third = TimeSpan.FromMilliseconds((claim.LeaseUntil - clock.NowMs) / 3.0);
        while (true)
        {
            var usual = TimeSpan.FromSeconds(IntervalSeconds);
            var wait = third < usual ? third : usual;
            await Task.Delay(wait > Shortest ? wait : Shortest, time, cancellationToken);
            await BeatAsync(claim, progress, cancellationToken);
        }
    }

    private async Task BeatAsync(ClaimAcceptedItem? claim, RunProgress? progress, CancellationToken cancellationToken)
    {
        try
        {
            await sender.SendAsync(await WriteAsync(claim, progress, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it was, transport or signer: the work goes on, and only a run of lost heartbeats costs the claim.
            MinerLog.HeartbeatLost(logger, e.Message);
        }
    }

    private async Task<SignedSnapshot> WriteAsync(ClaimAcceptedItem? claim, RunProgress? progress, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            while (messages.SecondsAhead >= MostSecondsAhead)
            {
                await Task.Delay(Second, time, cancellationToken);
            }

            return await messages.HeartbeatAsync(claim, progress?.Percent, counts.Stats, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }
}
