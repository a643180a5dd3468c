using System.Net;
using System.Net.Sockets;

namespace SwarmPool.Plugins.Redis.Tests.Journal;

/// <summary>
/// Between a client and a server: it passes everything on, until it is told to swallow the answer to the next script and to cut the
/// connection then. So a call is done, and its caller can't know.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int server;
    private readonly Task accepting;
    private int armed;
    private int cuts;

    public CuttingProxy(int server)
    {
        this.server = server;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Configuration => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>How many answers it swallowed.</summary>
    public int Cuts => Volatile.Read(ref cuts);

    /// <summary>The answer to the next script gets lost.</summary>
    public void Arm() => Volatile.Write(ref armed, 1);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting; // First: a listener that is stopped between two calls may not be asked for the next.
        listener.Stop();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var toServer = new TcpClient();
        using (client)
        {
            try
            {
                await toServer.ConnectAsync(IPAddress.Loopback, server, stop.Token);
                var cutting = new StrongBox();
                await Task.WhenAny(
                    PassAsync(client, toServer, bytes => cutting.Value |= Holds(bytes, "EVALSHA"u8) && Interlocked.Exchange(ref armed, 0) == 1, static () => false),
                    PassAsync(toServer, client, static _ => { }, () => cutting.Value));
                if (cutting.Value)
                {
                    Interlocked.Increment(ref cuts);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return; // A connection less: that is what it is for.
            }
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to, Action<ReadOnlySpan<byte>> seen, Func<bool> isCut)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, stop.Token) is > 0 and var count)
            {
                seen(buffer.AsSpan(0, count));
                if (isCut())
                {
                    return;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            return; // One end is gone; the other is closed next.
        }
    }

    private static bool Holds(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> word) => bytes.IndexOf(word) >= 0;

    private sealed class StrongBox
    {
        public volatile bool Value;
    }
}
