using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Collections;
using SwarmPool.Runtime.Content;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Names.Delegations;

/// <summary>
/// The delegations that snapshots name: each fetched once, by its CID, with a bounded size and a bounded patience, and kept. Remembers
/// the revocations that it is told of, too.
/// </summary>
/// <remarks>Thread-safe; bounded in size. What has been vouched for is kept apart, so that made-up delegations don't drive it out.</remarks>
internal sealed class DelegationCache(ContentReader content, TimeProvider time)
{
    /// <summary>The most bytes of a delegation: a contract's signature may have 4,096.</summary>
    public const int MostBytes = SnapshotPointer.Threshold;

    private const int MostVouched = 50_000;
    private const long MostVouchedBytes = 64L * 1024 * 1024;
    private const int Overhead = 1024;
    private const int MostRead = 1_000;
    private const int MostFailed = 10_000;
    private const int MostRevoked = 50_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly BoundedCache<Cid, KnownDelegation> vouched = new(MostVouched, static known => known.Signed.Bytes.Length + Overhead, MostVouchedBytes);
    private readonly BoundedCache<Cid, KnownDelegation> read = new(MostRead);
    private readonly BoundedCache<Cid, (Refusal Refusal, long At)> failed = new(MostFailed);
    private readonly BoundedCache<(EnsName Name, string Digest), long> revoked = new(MostRevoked);
    private readonly Dictionary<Cid, Task<(KnownDelegation? Known, Refusal? Refusal)>> inFlight = [];

    /// <summary>True when nothing has to be fetched to tell: then there is the delegation, or why it is not valid.</summary>
    public bool TryGet(Cid cid, out KnownDelegation? known, out Refusal? refusal)
    {
        lock (gate)
        {
            refusal = null;
            if (vouched.TryGet(cid, out known) || read.TryGet(cid, out known))
            {
                return true;
            }

            if (failed.TryGet(cid, out var failure) && (failure.Refusal.Code != ErrorCodes.DelegationUnavailable || time.GetElapsedTime(failure.At) < TryAgainAfter))
            {
                refusal = failure.Refusal;
                return true;
            }

            return false;
        }
    }

    /// <summary>The delegation, fetched if it is not known; or why it is not valid. However many ask, it is fetched once.</summary>
    public async ValueTask<(KnownDelegation? Known, Refusal? Refusal)> GetAsync(Cid cid, CancellationToken cancellationToken)
    {
        Task<(KnownDelegation?, Refusal?)> fetching;
        lock (gate)
        {
            if (TryGet(cid, out var known, out var refusal))
            {
                return (known, refusal);
            }

            if (!inFlight.TryGetValue(cid, out fetching!))
            {
                inFlight[cid] = fetching = FetchAsync(cid);
            }
        }

        return await fetching.WaitAsync(cancellationToken);
    }

    /// <summary>Takes a delegation that is at hand.</summary>
    public void Add(SignedSnapshot signed)
    {
        lock (gate)
        {
            vouched.Set(signed.Cid, new KnownDelegation(signed));
        }
    }

    /// <summary>An account of the name's own signed it: it is worth being kept.</summary>
    public void Keep(KnownDelegation known)
    {
        lock (gate)
        {
            vouched.Set(known.Signed.Cid, known);
        }
    }

    /// <summary>A name took a delegation back; the caller has checked that it was the name.</summary>
    public void Revoke(EnsName name, string digest, long timestamp)
    {
        lock (gate)
        {
            if (!revoked.TryGet((name, digest), out _))
            {
                revoked.Set((name, digest), timestamp);
            }
        }
    }

    /// <summary>True when it was taken back, and when: unix seconds.</summary>
    public bool IsRevoked(KnownDelegation known, out long since)
    {
        lock (gate)
        {
            return revoked.TryGet((known.Body.Name, known.Digest), out since);
        }
    }

    /// <summary>True when that name took that delegation back.</summary>
    public bool IsRevoked(EnsName name, string digest)
    {
        lock (gate)
        {
            return revoked.TryGet((name, digest), out _);
        }
    }

    // One asker's impatience must not fail the others that wait for the same, so the request has its own time limit.
    private async Task<(KnownDelegation?, Refusal?)> FetchAsync(Cid cid)
    {
        await Task.Yield(); // Off the caller's stack: it holds the lock.
        KnownDelegation? known = null;
        var (fetched, refusal) = await content.FetchSnapshotAsync<DelegationSnapshot>(cid, Patience, CancellationToken.None, MostBytes);
        if (fetched is not null)
        {
            known = new KnownDelegation(fetched.Signed);
        }
        else
        {
            // What did not come may come later; what came is what it is.
            refusal = refusal!.Code is ErrorCodes.ContentNotFound or ErrorCodes.ContentUnavailable
                ? new Refusal(ErrorCodes.DelegationUnavailable, $"The delegation is unavailable now: {refusal.Reason} Send again later.")
                : new Refusal(ErrorCodes.DelegationInvalid, $"The delegation {cid} is not valid: {refusal.Reason}");
        }

        lock (gate)
        {
            inFlight.Remove(cid);
            if (known is not null)
            {
                read.Set(cid, known);
            }
            else
            {
                failed.Set(cid, (refusal!, time.GetTimestamp()));
            }
        }

        return (known, refusal);
    }
}
