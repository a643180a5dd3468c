using SwarmPool.Plugins.Ipfs.InlineContents;
using SwarmPool.Plugins.Ipfs.Pointers;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Content;

/// <summary>Content on a node, each fetch checked against its CID before anybody sees it.</summary>
internal sealed class IpfsContentStore(
    ContentCalls calls, PointerStore pointers, InlineContent inlineContent, FetchLimiter limiter, int maxContentBytes, TimeSpan fetchPatience) : IContentStore, IDisposable
{
    private const int MaxRootBytes = 64 * 1024;

    public int MaxContentBytes => maxContentBytes;

    public async ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (content.Length > maxContentBytes)
        {
            throw new TransportException(TransportFault.TooLarge, $"Content of {content.Length} bytes is too large: at most {maxContentBytes} ('max_content_bytes').");
        }

        var expected = ContentAddress.Of(content.Span);
        var stored = content.Length <= ContentAddress.BlockBytes
            ? await calls.PutBlockAsync(content, pin: false, cancellationToken)
            : await calls.AddAsync(content, cancellationToken);
        if (stored != expected)
        {
            throw new TransportException(
                TransportFault.Mismatch, $"The IPFS node at {calls.Node} stored {content.Length} bytes as {stored}; by the pool's rule they are {expected}. Its import settings differ: use another node.");
        }

        inlineContent.Remember(expected, content.Span);
        return expected;
    }

    public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        Check(cid);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        if (inlineContent.TryGet(cid, out var small))
        {
            return small.Length <= maxBytes ? small.ToArray() : throw new TransportException(TransportFault.TooLarge, $"The content {cid} has {small.Length} bytes; at most {maxBytes} were asked for.");
        }

        return await limiter.RunAsync(token => FetchAsync(cid, Math.Min(maxBytes, maxContentBytes), token), cancellationToken);
    }

    public async ValueTask PinAsync(Cid cid, CancellationToken cancellationToken)
    {
        Check(cid);

        // What came with a message need not be looked for over the network.
        if (inlineContent.TryGetForeign(cid, out var small))
        {
            await calls.PutBlockAsync(small, pin: true, cancellationToken);
        }
        else
        {
            await calls.PinAsync(cid, cancellationToken);
        }
    }

    public async ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken)
    {
        Check(cid);
        await calls.UnpinAsync(cid, cancellationToken);
    }

    public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken)
    {
        Check(cid);
        return pointers.PointAsync(pointer, cid, cancellationToken);
    }

    public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => pointers.ResolveAsync(pointer, cancellationToken);

    public void Dispose() => limiter.Dispose();

    private async Task<ReadOnlyMemory<byte>> FetchAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            bytes = cid.Codec == Cid.RawCodec
                ? await calls.GetBlockAsync(cid, maxBytes, fetchPatience, cancellationToken)
                : await calls.CatAsync(cid, maxBytes, fetchPatience, cancellationToken);
        }
        catch (TransportException e) when (e.InnerException is OperationCanceledException)
        {
            throw new TransportException(
                TransportFault.NotFound, $"The IPFS node at {calls.Node} did not have or find {cid} within {fetchPatience.TotalSeconds:0} s.", e);
        }

        if (ContentCheck.Matches(cid, bytes))
        {
            return bytes;
        }

        var root = await RootOfAsync(cid, cancellationToken);
        throw ContentCheck.Fault(cid, bytes, root);
    }

    private async Task<byte[]> RootOfAsync(Cid cid, CancellationToken cancellationToken)
    {
        try
        {
            return cid.Codec == Cid.DagPbCodec ? await calls.GetBlockAsync(cid, MaxRootBytes, fetchPatience, cancellationToken) : [];
        }
        catch (TransportException)
        {
            return []; // Then what they are is unknown; only that they are wrong is certain.
        }
    }

    private static void Check(Cid cid)
    {
        if (cid.IsEmpty)
        {
            throw new ArgumentException("The CID is empty.", nameof(cid));
        }
    }
}
