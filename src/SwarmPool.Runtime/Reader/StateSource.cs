using System.Runtime.CompilerServices;
using SwarmPool.Identity;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Reader;

/// <summary>Reads what the pool's signed state points to: the state behind the pool's pointer, and the pages of its lists.</summary>
internal sealed class StateSource(ITransport transport, ContentReader content, PoolListener listener, EnsName pool, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Looks at the pool's pointer before a party listens, so that the listener knows how far the pool has come and takes no old
    /// words for news. What can't be read in time is not waited for: the first state announced tells the same.
    /// </summary>
    public async ValueTask LookAsync(CancellationToken cancellationToken)
    {
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

    /// <summary>The state that the pool's pointer leads to now; null when there is none that is the pool's.</summary>
    public async ValueTask<SignedSnapshot?> ReadPointerAsync(CancellationToken cancellationToken)
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
