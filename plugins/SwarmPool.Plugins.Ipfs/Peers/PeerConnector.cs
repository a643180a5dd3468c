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

    /// <summary>How long the first connection to a named peer is waited for.</summary>
    private static readonly TimeSpan FirstConnectionWait = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stop = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly HashSet<string> missing = new(StringComparer.Ordinal);
    private Task keeping = Task.CompletedTask;
    private PeerSet current = new(configured, []);

    /// <summary>The node's own id; empty before <see cref="StartAsync"/>.</summary>
    public string Self { get; private set; } = "";

    /// <summary>True for the node itself and for peers that configuration or the pool's name name; for everybody when neither names any.</summary>
    public bool IsTrusted(string peer) => Volatile.Read(ref current) is var targets && (targets.Ids.Count == 0 || peer == Self || targets.Ids.Contains(peer));

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
    /// Keeps the node connected to these too, instead of those named before. Returns when it is connected to one of them, and after a
    /// few seconds in any case: one that is away may come back.
    /// </summary>
    public async Task ConnectToNamedAsync(IReadOnlyList<string> peers, CancellationToken cancellationToken)
    {
        var targets = new PeerSet(configured, peers);
        Volatile.Write(ref current, targets);
        if (peers.Count > 0)
        {
            Wake();
            await Task.WhenAny(targets.FirstNamedConnected, Task.Delay(FirstConnectionWait, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Checks the connections at once: the node was away.</summary>
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
        var targets = Volatile.Read(ref current);
        if (targets.Addresses.Count == 0)
        {
            return;
        }

        try
        {
            var connected = await calls.PeersAsync(cancellationToken);
            foreach (var id in connected)
            {
                targets.Connected(id);
            }

            await Task.WhenAll(targets.Addresses.Where(address => !connected.Contains(IdOf(address))).Select(address => ConnectAsync(targets, address, cancellationToken)));
        }
        catch (TransportException e)
        {
            IpfsLog.PeersUnknown(logger, e.Message);
        }
    }

    private async Task ConnectAsync(PeerSet targets, string address, CancellationToken cancellationToken)
    {
        try
        {
            await calls.ConnectAsync(address, cancellationToken);
            targets.Connected(IdOf(address));
            Note(address, isMissing: false);
            IpfsLog.PeerConnected(logger, address);
        }
        catch (TransportException e)
        {
            if (Note(address, isMissing: true))
            {
                IpfsLog.PeerMissing(logger, address, e.Message);
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
