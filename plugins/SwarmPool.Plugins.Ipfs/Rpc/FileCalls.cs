using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>The calls about a node's own tree of files (MFS).</summary>
internal sealed class FileCalls(RpcChannel channel)
{
    private const int MaxListBytes = 64 * 1024 * 1024;

    public Task MakeFolderAsync(string path, CancellationToken cancellationToken) =>
        channel.CallAsync(new RpcCall("files/mkdir", path).Arg(path).With("parents", "true").With("cid-version", "1"), cancellationToken);

    /// <summary>Shows content under a path. True when it does now; false when another entry is in the way.</summary>
    public async Task<bool> TryLinkAsync(Cid cid, string path, CancellationToken cancellationToken)
    {
        try
        {
            await channel.CallAsync(new RpcCall("files/cp", path).Arg($"/ipfs/{cid}").Arg(path), cancellationToken);
            return true;
        }
        catch (TransportException e) when (e.InnerException is NodeErrorException error && error.Contains("already"))
        {
            return false;
        }
    }

    /// <summary>Removes an entry; one that does not exist is not an error.</summary>
    public async Task RemoveAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await channel.CallAsync(new RpcCall("files/rm", path).Arg(path).With("recursive", "true").With("force", "true"), cancellationToken);
        }
        catch (TransportException e) when (e.InnerException is NodeErrorException { IsNoSuchFile: true })
        {
            // It is gone, which was wanted.
        }
    }

    /// <summary>The names in a folder, each with what it shows; empty when there is no such folder.</summary>
    public async Task<Dictionary<string, Cid>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Cid>(StringComparer.Ordinal);
        try
        {
            var call = new RpcCall("files/ls", path) { MaxAnswerBytes = MaxListBytes, Patience = TimeSpan.FromSeconds(60) }.Arg(path).With("long", "true");
            foreach (var entry in (await channel.CallAsync(call, AnswerJson.Default.FileList, cancellationToken)).Entries ?? [])
            {
                _ = NodeCid.TryParse(entry.Hash, out var cid); // Content of another kind compares unequal to all of ours.
                found[entry.Name ?? ""] = cid;
            }
        }
        catch (TransportException e) when (e.InnerException is NodeErrorException { IsNoSuchFile: true })
        {
            // Nothing yet.
        }

        return found;
    }

    /// <summary>Writes a small file, over one that is there.</summary>
    public Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => channel.CallAsync(
        new RpcCall("files/write", path) { Body = bytes }.Arg(path).With("create", "true").With("truncate", "true").With("parents", "true"), cancellationToken);

    /// <summary>A small file's bytes; null when there is none.</summary>
    public async Task<byte[]?> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            return await channel.CallForBytesAsync(new RpcCall("files/read", path) { MaxAnswerBytes = maxBytes }.Arg(path), cancellationToken);
        }
        catch (TransportException e) when (e.InnerException is NodeErrorException { IsNoSuchFile: true })
        {
            return null;
        }
    }

    /// <summary>The CID of what is under a path; null when nothing is.</summary>
    public async Task<string?> StatAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await channel.CallAsync(new RpcCall("files/stat", path).Arg(path), AnswerJson.Default.FileStat, cancellationToken)).Hash;
        }
        catch (TransportException e) when (e.InnerException is NodeErrorException { IsNoSuchFile: true })
        {
            return null;
        }
    }
}
