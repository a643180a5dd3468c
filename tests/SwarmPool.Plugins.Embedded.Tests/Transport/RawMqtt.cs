using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SwarmPool.Plugins.Embedded.Tests.Transport;

/// <summary>An MQTT client of a few bytes, for what no library would do.</summary>
internal sealed class RawMqtt : IDisposable
{
    private readonly TcpClient client = new();

    public static async Task<RawMqtt> OpenAsync(int port)
    {
        var made = new RawMqtt();
        await made.client.ConnectAsync(IPAddress.Loopback, port);
        return made;
    }

    public async Task ConnectAsync(string id)
    {
        await SendAsync(0x10, [.. Text("MQTT"), 5, 2, 0, 0, 0, .. Text(id)]);
        var answer = await ReadAsync(5);
        Assert.Equal(0x20, answer[0]);
        Assert.Equal(0, answer[3]);
    }

    /// <summary>Subscribes, and never reads again unless it is told to.</summary>
    public Task SubscribeAsync(string topic) => SendAsync(0x82, [0, 1, 0, .. Text(topic), 1]);

    /// <summary>Whether the other side has not closed it, as far as that has come here; reads nothing.</summary>
    public bool IsOpen
    {
        get
        {
            try
            {
                return client.Connected && !(client.Client.Poll(0, SelectMode.SelectRead) && client.Client.Available == 0);
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    /// <summary>Publishes at QoS 0, and blocks while the other side reads nothing.</summary>
    public void Publish(string topic, ReadOnlySpan<byte> payload) => client.GetStream().Write(Packet(0x30, [.. Text(topic), 0, .. payload]));

    public async Task SendAsync(byte header, byte[] body) => await client.GetStream().WriteAsync(Packet(header, body));

    public async Task<byte[]> ReadAsync(int bytes)
    {
        var read = new byte[bytes];
        await client.GetStream().ReadExactlyAsync(read);
        return read;
    }

    private static byte[] Packet(byte header, byte[] body)
    {
        var length = new List<byte>();
        var rest = body.Length;
        do
        {
            length.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
            rest >>= 7;
        }
        while (rest > 0);
        return [header, .. length, .. body];
    }

    /// <summary>Reads until the broker has closed the connection.</summary>
    public async Task<bool> IsClosedAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            var buffer = new byte[64 * 1024];
            while (await client.GetStream().ReadAsync(buffer, limit.Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => client.Dispose();

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
