using SwarmPool.Runtime.Daemon.Retention;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Revocations;

/// <summary>
/// Keeps the revocations that counted pinned until what they took back would have expired: so long whoever is told of one may ask for it,
/// and nobody afterwards.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RevocationPins(PinManager pins, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly PriorityQueue<Cid, long> byExpiry = new();

    /// <summary>Pins one that counts from now on.</summary>
    /// <param name="revocation">Its CID.</param>
    /// <param name="expiresMs">Unix ms: what it took back is worth nothing from then on.</param>
    public void Pin(Cid revocation, long expiresMs)
    {
        pins.Pin(revocation);
        Know(revocation, expiresMs);
    }

    /// <summary>One that a daemon before this pinned.</summary>
    public void Know(Cid revocation, long expiresMs)
    {
        lock (gate)
        {
            byExpiry.Enqueue(revocation, expiresMs);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        do
        {
            while (TryTakeExpired(out var revocation))
            {
                await pins.UnpinAsync(revocation, cancellationToken);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private bool TryTakeExpired(out Cid revocation)
    {
        lock (gate)
        {
            return byExpiry.TryPeek(out revocation, out var expires) && expires <= time.GetUtcNow().ToUnixTimeMilliseconds() && byExpiry.TryDequeue(out revocation, out _);
        }
    }
}
