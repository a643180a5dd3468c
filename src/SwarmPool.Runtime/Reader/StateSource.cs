using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Discovery;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Reader;

/// <summary>Reads what the pool's signed state points to: the state behind the pool's pointer, and the pages of its lists.</summary>
internal sealed class StateSource(ITransport transport, ContentReader content, PoolListener listener, PoolFinder finder, EnsName pool, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);

    /// <summary>The longest that <see cref="LookAsync"/> takes.</summary>
    public static TimeSpan LongestLook { get; } = FirstLook + PoolFinder.LongestLook;

    /// <summary>Reads the pages of the lists that the pool's snapshots name.</summary>
    public PageReader Pages { get; } = new(content, Patience);

    /// <summary>How the pool is found by its name.</summary>
    public PoolFinder Finder => finder;

    /// <summary>
    /// Looks at the pool's pointer before a party listens, so that the listener knows how far the pool has come and takes no old
    /// words for news. What can't be read in time is not waited for: the first state announced tells the same.
    /// </summary>
    public async ValueTask LookAsync(CancellationToken cancellationToken)
    {
        await finder.FindAsync(cancellationToken);
        using var limit = new CancellationTokenSource(FirstLook, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await ReadPointerAsync(both.Token).AsTask().WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return; // Time is up.
        }
    }

    /// <summary>
    /// The state that the pool's pointer leads to now, else the one that its name leads to; null when there is none that is the pool's.
    /// The pointer is kept by the daemon and always newer: the name's records are for when nobody answers for the pointer.
    /// </summary>
    public async ValueTask<SignedSnapshot?> ReadPointerAsync(CancellationToken cancellationToken)
    {
        await finder.FindAsync(cancellationToken);
        return await FollowPointerAsync(cancellationToken) ?? await FollowNameAsync(cancellationToken);
    }

    private async ValueTask<SignedSnapshot?> FollowNameAsync(CancellationToken cancellationToken)
    {
        if (await finder.LocateAsync(cancellationToken) is not { } cid)
        {
            return null;
        }

        var before = listener.Newest;
        var (state, refusal) = await listener.FetchAsync(cid, SnapshotTypes.State, Patience, cancellationToken);
        if (state is null)
        {
            finder.Note(PassingRefusals.Contains(refusal!.Code)
                ? new Refusal(ErrorCodes.PlaceUnusable, $"The name {pool} leads to the state {cid}, which is unavailable now. {refusal.Reason}")
                : new Refusal(ErrorCodes.NamedStateRefused, $"The name {pool} leads to {cid}, which is no state that {pool} signed: it is not taken. {refusal.Reason}"));
            return null;
        }

        if (before is not null && state.Body is PoolStateSnapshot named && (named.Term, named.Sequence).CompareTo((before.Term, before.Sequence)) < 0)
        {
            finder.Note(new Refusal(
                ErrorCodes.NamedStateRefused,
                $"The name {pool} leads to a state of term {named.Term}, record {named.Sequence}, older than term {before.Term}, record {before.Sequence}, which is known here: it is not taken."));
            return null;
        }

        return state;
    }

    private async ValueTask<SignedSnapshot?> FollowPointerAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await transport.Content.ResolveAsync(Topics.StatePointer(pool), cancellationToken) is not { } cid)
            {
                return null;
            }

            return (await listener.FetchAsync(cid, SnapshotTypes.State, Patience, cancellationToken)).Snapshot;
        }
        catch (TransportException)
        {
            return null; // The pointer is a convenience: the topic tells the same.
        }
    }
}
