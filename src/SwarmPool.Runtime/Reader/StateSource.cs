using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Reader;

/// <summary>Reads what the pool's signed state points to: the state behind the pool's pointer, and the pages of its lists.</summary>
internal sealed class StateSource(ITransport transport, ContentReader content, PoolListener listener, EnsName pool)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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

    /// <summary>One page of a list, or why it can't be read.</summary>
    public async ValueTask<(IReadOnlyList<TItem> Items, Refusal? Refusal)> ReadPageAsync<TItem>(Cid page, CancellationToken cancellationToken)
    {
        var (bytes, refusal) = await content.FetchAsync(page, SnapshotCodec.MaxPageBytes, Patience, cancellationToken);
        if (refusal is not null)
        {
            return ([], refusal);
        }

        return SnapshotCodec.TryDecodePage<TItem>(bytes, out var items, out refusal) ? (items, null) : ([], refusal);
    }
}
