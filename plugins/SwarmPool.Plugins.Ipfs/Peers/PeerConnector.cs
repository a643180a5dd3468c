using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Peers;

/// <summary>
/// Keeps the node connected to the peers that configuration and the pool's name name: messages reach only those who are connected,
/// directly or through others that listen to the same topic.
/// </summary>
internal sealed class PeerConnector(SwarmCalls calls, IReadOnlyList<string> configured, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>How long the first of those who are met is waited for.</summary>
    private static readonly TimeSpan Meeting = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly HashSet<string> missing = new(StringComparer.Ordinal);
    private Task keeping = Task.CompletedTask;
    private PeerSet kept = new(configured, []);

    /// <summary>The node's own id; empty before <see cref="StartAsync"/>.</summary>
    public string Self { get; private set; } = "";

    /// <summary>True for the node itself and for peers that configuration or the pool's name name; for everybody when neither names any.</summary>
    public bool IsTrusted(string peer) => Volatile.Read(ref kept) is var now && (now.Ids.Count == 0 || peer == Self || now.Ids.Contains(peer));

    /// <summary>Whether a text is a node's address that ends in its id.</summary>
    public static bool IsAddress(string text)
    {
        var parts = text.Split('/');
        return parts.Length >= 5 && parts[0].Length == 0 && parts[^2] == "p2p" && parts[^1].Length >= 20;
    }

    /// <summary>The id in an address's end, e.g. of <c>/ip4/192.0.2.1/tcp/4001/p2p/12D3…</c>.</summary>
    public static string IdOf(string address) => address[(address.LastIndexOf('/') + 1)..];

    public async Task StartAsync(string self, CancellationToken cancellationToken)
    {
        Self = self;
        await ConnectAsync(cancellationToken);
        keeping = KeepAsync();
    }

    /// <summary>
    /// Keeps the node connected to these too, in the place of those met before. Returns when it is to one of them, and after a few seconds
    /// in any case: one that is away may come.
    /// </summary>
    public async Task ConnectAsync(IReadOnlyList<string> peers, CancellationToken cancellationToken)
    {
        var now = new PeerSet(configured, peers);
        Volatile.Write(ref kept, now);
        if (peers.Count > 0)
        {
            Wake();
            await Task.WhenAny(now.Met, Task.Delay(Meeting, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
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
        var now = Volatile.Read(ref kept);
        if (now.Addresses.Count == 0)
        {
            return;
        }

        try
        {
            var connected = await calls.PeersAsync(cancellationToken);
            foreach (var id in connected)
            {
                now.Connected(id);
            }

            await Task.WhenAll(now.Addresses.Where(address => !connected.Contains(IdOf(address))).Select(address => ConnectAsync(now, address, cancellationToken)));
        }
        catch (TransportException e)
        {
            Log.PeersUnknown(logger, e.Message);
        }
    }

    private async Task ConnectAsync(PeerSet now, string address, CancellationToken cancellationToken)
    {
        try
        {
            await calls.ConnectAsync(address, cancellationToken);
            now.Connected(IdOf(address));
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
