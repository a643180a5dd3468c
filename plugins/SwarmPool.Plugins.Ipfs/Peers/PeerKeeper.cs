using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Peers;

/// <summary>
/// Keeps the node connected to the peers that configuration names: messages reach only those who are connected, directly
/// or through others that listen to the same topic.
/// </summary>
internal sealed class PeerKeeper(SwarmCalls calls, IReadOnlyList<string> addresses, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly HashSet<string> missing = new(StringComparer.Ordinal);
    private Task keeping = Task.CompletedTask;

    /// <summary>The ids of the configured peers.</summary>
    public IReadOnlyList<string> Ids { get; } = [.. addresses.Select(IdOf)];

    /// <summary>The node's own id; empty before <see cref="StartAsync"/>.</summary>
    public string Self { get; private set; } = "";

    /// <summary>True for the node itself and for peers that configuration names; for everybody when it names none.</summary>
    public bool IsTrusted(string peer) => Ids.Count == 0 || peer == Self || Ids.Contains(peer, StringComparer.Ordinal);

    /// <summary>The id in an address's end, e.g. of <c>/ip4/192.0.2.1/tcp/4001/p2p/12D3…</c>.</summary>
    public static string IdOf(string address) => address[(address.LastIndexOf('/') + 1)..];

    public async Task StartAsync(string self, CancellationToken cancellationToken)
    {
        Self = self;
        await ConnectAsync(cancellationToken);
        keeping = KeepAsync();
    }

    /// <summary>Looks after the connections now: the node was away.</summary>
    public void Wake()
    {
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await keeping;
        stop.Dispose();
        wake.Dispose();
    }

    private async Task KeepAsync()
    {
        try
        {
            while (true)
            {
                using var limit = new CancellationTokenSource(Interval, time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop.Token);
                try
                {
                    await wake.WaitAsync(both.Token);
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    // The interval is over.
                }

                await ConnectAsync(stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (addresses.Count == 0)
        {
            return;
        }

        try
        {
            var connected = await calls.PeersAsync(cancellationToken);
            await Task.WhenAll(addresses.Where(address => !connected.Contains(IdOf(address))).Select(address => ConnectAsync(address, cancellationToken)));
        }
        catch (TransportException e)
        {
            Log.PeersUnknown(logger, e.Message);
        }
    }

    private async Task ConnectAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            await calls.ConnectAsync(address, cancellationToken);
            Note(address, isMissing: false);
            Log.PeerConnected(logger, address);
        }
        catch (TransportException e)
        {
            if (Note(address, isMissing: true))
            {
                Log.PeerMissing(logger, address, e.Message);
            }
        }
    }

    private bool Note(string address, bool isMissing)
    {
        lock (missing)
        {
            return isMissing ? missing.Add(address) : missing.Remove(address);
        }
    }
}
