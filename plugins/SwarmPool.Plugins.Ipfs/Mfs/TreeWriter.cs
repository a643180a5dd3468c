using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Mfs;

/// <summary>Brings one pool's folder in line with what it has to show, entry by entry.</summary>
internal sealed class TreeWriter(FileCalls files, string root, TimeProvider time, ILogger logger)
{
    /// <summary>The folders of a pool, there even when they are empty.</summary>
    public static readonly IReadOnlyList<string> Folders = ["jobs/pending", "jobs/claimed", "proofs", "epochs", "miners"];

    private readonly Dictionary<string, Cid> shown = new(StringComparer.Ordinal);
    private bool isKnown;

    /// <summary>Has the tree read before the next write: it may not be what it was left as.</summary>
    public void Forget() => isKnown = false;

    /// <summary>Writes what differs. True when anything did.</summary>
    /// <exception cref="TransportException">The node did not take a write; what is shown is not known then.</exception>
    public async Task<bool> WriteAsync(DesiredFiles wanted, Lock gate, CancellationToken cancellationToken)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        if (!isKnown)
        {
            await ReadAsync(cancellationToken);
            paths.UnionWith(shown.Keys);
            lock (gate)
            {
                paths.UnionWith(wanted.Paths);
            }

            isKnown = true;
        }

        lock (gate)
        {
            paths.UnionWith(wanted.TakeChanged());
        }

        var written = false;
        foreach (var path in paths)
        {
            Cid content;
            lock (gate)
            {
                content = wanted[path]; // As it is now, not as it was when the round began.
            }

            if (shown.GetValueOrDefault(path) == content)
            {
                continue;
            }

            try
            {
                await WriteAsync(path, content, cancellationToken);
                written = true;
            }
            catch (TransportException e) when (e.Fault == TransportFault.NotFound || e.InnerException is OperationCanceledException)
            {
                // One content that the node doesn't have keeps no other from being shown; it is tried again when the tree is read.
                IpfsLog.FileNotShown(logger, $"{root}/{path}", e.Message);
            }
        }

        return written;
    }

    private async Task WriteAsync(string path, Cid content, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var full = $"{root}/{path}";
        if (content.IsEmpty)
        {
            await files.RemoveAsync(full, cancellationToken);
            shown.Remove(path);
        }
        else
        {
            if (shown.ContainsKey(path) || !await files.TryLinkAsync(content, full, cancellationToken))
            {
                await files.RemoveAsync(full, cancellationToken);
                await files.TryLinkAsync(content, full, cancellationToken);
            }

            shown[path] = content;
        }

        // A node writes its files slowly, and serves jobs besides: it is left alone as long as it was kept busy.
        await Task.Delay(time.GetElapsedTime(began), time, cancellationToken);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        shown.Clear();
        foreach (var folder in Folders)
        {
            await files.MakeFolderAsync($"{root}/{folder}", cancellationToken);
            foreach (var (name, cid) in await files.ListAsync($"{root}/{folder}", cancellationToken))
            {
                shown[$"{folder}/{name}"] = cid;
            }
        }

        if (await files.StatAsync($"{root}/state.json", cancellationToken) is { } state)
        {
            _ = NodeCid.TryParse(state, out var cid);
            shown["state.json"] = cid;
        }
    }
}
