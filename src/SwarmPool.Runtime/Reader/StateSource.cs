using System.Runtime.CompilerServices;
using SwarmPool.Identity;
using SwarmPool.Protocol.Content;
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

        var (bytes, missing) = await content.FetchAsync(cid, SnapshotCodec.MaxBytes, Patience, cancellationToken);
        var before = listener.Newest;
        if (missing is not null)
        {
            finder.Note(new Refusal(ErrorCodes.PlaceUnusable, $"The name {pool} leads to the state {cid}, which is unavailable now. {missing.Reason}"));
        }
        else if (await listener.CheckAsync(bytes, SnapshotTypes.State, cancellationToken) is not { } state)
        {
            finder.Note(new Refusal(ErrorCodes.NamedStateRefused, $"The name {pool} leads to {cid}, which is no state that {pool} signed: it is not taken."));
        }
        else if (before is not null && state.Body is PoolStateSnapshot named && (named.Term, named.Sequence).CompareTo((before.Term, before.Sequence)) < 0)
        {
            finder.Note(new Refusal(
                ErrorCodes.NamedStateRefused,
                $"The name {pool} leads to a state of term {named.Term}, record {named.Sequence}, older than term {before.Term}, record {before.Sequence}, which is known here: it is not taken."));
        }
        else
        {
            return state;
        }

        return null;
    }

    private async ValueTask<SignedSnapshot?> FollowPointerAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await transport.Content.ResolveAsync(Topics.StatePointer(pool), cancellationToken) is not { } cid)
            {
                return null;
            }

            var (bytes, refusal) = await content.FetchAsync(cid, SnapshotCodec.MaxBytes, Patience, cancellationToken);
            return refusal is null ? await listener.CheckAsync(bytes, SnapshotTypes.State, cancellationToken) : null;
        }
        catch (TransportException)
        {
            return null; // The pointer is a convenience: the topic tells the same.
        }
    }

    /// <summary>The pages of a list that a snapshot names, through index pages where it is long; each with its items, or why it can't be read.</summary>
    /// <param name="named">What the snapshot names.</param>
    /// <param name="skip">Pages not to fetch; null fetches all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<PageRead<TItem>> ReadPagesAsync<TItem>(
        IReadOnlyList<Cid> named, Func<Cid, bool>? skip, CancellationToken cancellationToken) =>
        ReadPagesAsync<TItem>(named, skip, PageTree.MaxDepth, cancellationToken);

    private async IAsyncEnumerable<PageRead<TItem>> ReadPagesAsync<TItem>(
        IReadOnlyList<Cid> named, Func<Cid, bool>? skip, int depth, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var cid in named)
        {
            if (skip?.Invoke(cid) == true)
            {
                continue;
            }

            var (bytes, refusal) = await content.FetchAsync(cid, SnapshotCodec.MaxPageBytes, Patience, cancellationToken);
            if (refusal is null && depth > 0 && PageTree.TryReadIndex(bytes, out var below))
            {
                await foreach (var page in ReadPagesAsync<TItem>(below, skip, depth - 1, cancellationToken))
                {
                    yield return page;
                }

                continue;
            }

            IReadOnlyList<TItem>? items = null;
            yield return refusal is null && SnapshotCodec.TryDecodePage(bytes, out items, out refusal)
                ? new PageRead<TItem>(cid, items, null)
                : new PageRead<TItem>(cid, [], refusal);
        }
    }
}

/// <summary>A page that was read.</summary>
internal sealed record PageRead<TItem>(Cid Cid, IReadOnlyList<TItem> Items, Refusal? Refusal);
