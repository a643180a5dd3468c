using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Discovery;

/// <summary>
/// Finds a pool by its name: asks the name's records where the pool is, has the transport connect to the peers that they name, and
/// follows them to a state. All of it are hints. What can't be used is told and left out: configuration may lead to the pool as well.
/// </summary>
/// <remarks>Thread-safe; one question to the name at a time, and none while the last answer may be used.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for has nothing to free.")]
internal sealed class PoolFinder(
    ITransport transport, IIdentityProvider names, EnsName pool, TimeProvider time, ILogger<PoolFinder> logger, Action<Refusal>? tell = null)
{
    /// <summary>How long one look may take, whatever name, node and peers do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The longest that <see cref="FindAsync"/> takes: it asks the name, then the peers that it names.</summary>
    public static TimeSpan LongestLook { get; } = Patience * 2;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim asking = new(1, 1);
    private PoolAddress? last;
    private long askedAt;
    private PoolLocation place = PoolLocation.Nowhere;
    private IReadOnlyList<Refusal> looked = [];
    private Refusal? followed;

    /// <summary>What the name says and can't be used: by the newest look, and by where following it to a state led last.</summary>
    public IReadOnlyList<Refusal> Problems => Volatile.Read(ref followed) is { } last ? [.. Volatile.Read(ref looked), last] : Volatile.Read(ref looked);

    /// <summary>Whether the name may say something else later; false before the first look.</summary>
    public bool MayChange => Volatile.Read(ref last) is { } known && known.ValidFor != TimeSpan.MaxValue;

    /// <summary>Asks the name, unless its last answer may still be used, and goes where it leads. Throws nothing but cancellation.</summary>
    public async ValueTask FindAsync(CancellationToken cancellationToken)
    {
        if (IsFresh)
        {
            return;
        }

        await asking.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh)
            {
                await TakeAsync(await AskAsync(cancellationToken), cancellationToken);
            }
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>The state that the name leads to; null when it names none, or one that is unavailable now.</summary>
    public async ValueTask<Cid?> LocateAsync(CancellationToken cancellationToken)
    {
        if (place.State is not { } location)
        {
            return null;
        }

        if (Cid.TryParse(location, out var cid) && cid.Codec == Cid.RawCodec)
        {
            return cid;
        }

        try
        {
            return transport.Rendezvous is { } rendezvous
                ? await rendezvous.LocateAsync(location, cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken)
                : throw new TransportException(TransportFault.NotFound, "it is no CID, and this transport knows no other way");
        }
        catch (Exception e) when (e is TransportException or TimeoutException)
        {
            Note(new Refusal(ErrorCodes.PlaceUnusable, $"The name {pool} says that its pool's state is at '{location}', which leads nowhere now: {e.Message}"));
            return null;
        }
    }

    /// <summary>Tells of a problem that following the name led to.</summary>
    public void Note(Refusal problem)
    {
        if (Interlocked.Exchange(ref followed, problem) != problem)
        {
            DiscoveryLog.Problem(logger, problem);
            tell?.Invoke(problem);
        }
    }

    /// <summary>Looks again whenever the last answer is over, for those who stay: a pool may move. Ends by cancellation alone.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await FindAsync(cancellationToken);
            var pause = last!.ValidFor < ShortestPause ? ShortestPause : last.ValidFor > LongestPause ? LongestPause : last.ValidFor;
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private bool IsFresh => Volatile.Read(ref last) is { } known
        && (known.ValidFor == TimeSpan.MaxValue || time.GetElapsedTime(Interlocked.Read(ref askedAt)) < known.ValidFor);

    private async ValueTask<PoolAddress> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await names.FindPoolAsync(pool, cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A provider's fault says nothing about the name, and the pool may be found without it.
            return PoolAddress.Unavailable(ShortestPause, $"asking for it failed: {e.GetType().Name}: {e.Message}");
        }
    }

    private async ValueTask TakeAsync(PoolAddress said, CancellationToken cancellationToken)
    {
        var before = looked;
        var found = said.Problems.Select(reason => Explain(said.Status, reason)).ToList();
        if (said.Status != IdentityStatus.Unavailable)
        {
            // Unavailable is no answer: where the pool was is the best there is.
            found.AddRange(await ConnectAsync(said.Place.Peers, cancellationToken));
            place = said.Place;
        }

        Volatile.Write(ref looked, found);
        Interlocked.Exchange(ref askedAt, time.GetTimestamp());
        Volatile.Write(ref last, said);
        foreach (var problem in found.Except(before))
        {
            DiscoveryLog.Problem(logger, problem);
            tell?.Invoke(problem);
        }
    }

    private Refusal Explain(IdentityStatus status, string reason) => status switch
    {
        IdentityStatus.Known => new Refusal(ErrorCodes.PlaceUnusable, $"The name {pool} has a record of where its pool is that can't be used: {reason}."),
        IdentityStatus.Unknown => new Refusal(ErrorCodes.UnknownName, $"The name {pool} is not known on {names.Network}: {reason}."),
        _ => new Refusal(ErrorCodes.NameUnavailable, $"Where {pool} is can't be looked up now: {reason}."),
    };

    private async ValueTask<IEnumerable<Refusal>> ConnectAsync(IReadOnlyList<string> peers, CancellationToken cancellationToken)
    {
        if (transport.Rendezvous is not { } rendezvous || peers.SequenceEqual(place.Peers))
        {
            return [];
        }

        try
        {
            var unusable = await rendezvous.ConnectAsync(peers, cancellationToken).AsTask().WaitAsync(Patience, time, cancellationToken);
            return unusable.Select(reason => Explain(IdentityStatus.Known, reason));
        }
        catch (Exception e) when (e is TransportException or TimeoutException)
        {
            return [new Refusal(ErrorCodes.PlaceUnusable, $"The peers that the name {pool} names can't be reached now: {e.Message}")];
        }
    }
}
