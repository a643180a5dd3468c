using System.Globalization;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>The calls about content and pins.</summary>
internal sealed class ContentCalls(RpcChannel channel)
{
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(60);

    public NodeAddress Node => channel.Node;

    /// <summary>Stores one raw block, and pins it where that is wanted.</summary>
    public async Task<Cid> PutBlockAsync(ReadOnlyMemory<byte> block, bool pin, CancellationToken cancellationToken)
    {
        var call = new RpcCall("block/put") { Body = block, Patience = StoreLimit }
            .With("cid-codec", "raw").With("format", "raw").With("version", "1").With("mhtype", "sha2-256").With("pin", pin ? "true" : "false");
        return Read(call, (await channel.CallAsync(call, AnswerJson.Default.BlockKey, cancellationToken)).Key);
    }

    /// <summary>Adds a file, chunked by the pool's rule.</summary>
    public async Task<Cid> AddAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
    {
        var call = new RpcCall("add") { Body = file, Patience = StoreLimit }
            .With("cid-version", "1").With("raw-leaves", "true").With("chunker", string.Create(CultureInfo.InvariantCulture, $"size-{ContentAddress.BlockBytes}"))
            .With("pin", "false").With("quieter", "true").With("progress", "false");
        return Read(call, (await channel.CallAsync(call, AnswerJson.Default.AddedFile, cancellationToken)).Hash);
    }

    /// <summary>One block, from wherever it is; not checked.</summary>
    public Task<byte[]> GetBlockAsync(Cid cid, int maxBytes, TimeSpan patience, CancellationToken cancellationToken) => channel.CallForBytesAsync(
        Within(new RpcCall("block/get", cid.ToString()) { Patience = patience, MaxAnswerBytes = maxBytes }.Arg(cid.ToString()), patience), cancellationToken);

    /// <summary>A file's bytes, from wherever its blocks are; not checked. A byte more than allowed is asked for, so that more can be told from enough.</summary>
    public Task<byte[]> CatAsync(Cid cid, int maxBytes, TimeSpan patience, CancellationToken cancellationToken) => channel.CallForBytesAsync(
        Within(
            new RpcCall("cat", cid.ToString()) { Patience = patience, MaxAnswerBytes = maxBytes }
                .Arg(cid.ToString()).With("length", (maxBytes + 1L).ToString(CultureInfo.InvariantCulture)),
            patience),
        cancellationToken);

    /// <summary>Pins all that hangs under a CID; fetches what is not there.</summary>
    public Task PinAsync(Cid cid, CancellationToken cancellationToken) => channel.CallAsync(
        new RpcCall("pin/add", cid.ToString()) { Patience = StoreLimit }.Arg(cid.ToString()).With("recursive", "true"), cancellationToken);

    /// <summary>Unpins; what is not pinned is not an error.</summary>
    public async Task UnpinAsync(Cid cid, CancellationToken cancellationToken)
    {
        try
        {
            await channel.CallAsync(new RpcCall("pin/rm", cid.ToString()).Arg(cid.ToString()).With("recursive", "true"), cancellationToken);
        }
        catch (TransportException e) when (e.InnerException is NodeErrorException error && error.Contains("not pinned"))
        {
            // Nodes say so with a 500: it is what was wanted.
        }
    }

    // The node should not go on looking for what nobody waits for any longer.
    private static RpcCall Within(RpcCall call, TimeSpan patience) =>
        call.With("timeout", string.Create(CultureInfo.InvariantCulture, $"{(long)patience.TotalMilliseconds}ms"));

    private Cid Read(RpcCall call, string? text) => NodeCid.TryParse(text, out var cid)
        ? cid
        : throw new TransportException(TransportFault.Unavailable, $"The IPFS node at {channel.Node} answered {call} with a CID of an unknown kind: '{NodeErrorException.Printable(text ?? "")}'.");
}
