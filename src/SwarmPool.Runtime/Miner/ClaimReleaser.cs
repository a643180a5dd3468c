using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>Gives a claim back, so that the job need not wait until the lease runs out.</summary>
internal sealed class ClaimReleaser(MinerMessageFactory messages, RetryingSender sender, IMinerObserver observer, TimeProvider time)
{
    /// <summary>The miner stops.</summary>
    public const string Stops = LeaseEndReasons.Released;

    /// <summary>The miner could not do the job.</summary>
    public const string Failed = LeaseEndReasons.Failed;

    /// <summary>The most characters of why that go out to everybody.</summary>
    private const int MostDetail = 200;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    // By then the lease is likely over.
    private static readonly TimeSpan FailPatience = Freshness.SignAnewAfter;

    /// <summary>Sends the release until it is answered, or for as long as it is worth it.</summary>
    public async Task ReleaseAsync(ClaimSession session, ClaimAcceptedItem claim, string reason, string detail, CancellationToken cancellationToken)
    {
        observer.Released(claim.JobCid, reason, detail);
        using var limit = new CancellationTokenSource(reason == Stops ? StopPatience : FailPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var release = await messages.ReleaseAsync(claim, reason, reason == Failed ? LeavingText.LineOf(detail, MostDetail) : null, both.Token);
            await sender.SendUntilAsync(release, session.Released, both.Token);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            // The lease will run out by itself; nothing more can be done for the job.
        }
    }
}
