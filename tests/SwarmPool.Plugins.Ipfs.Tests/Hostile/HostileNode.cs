using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SwarmPool.Plugins.Ipfs.Tests.Hostile;

/// <summary>What stands at a node's address and does what it likes with a call: a script for each command.</summary>
internal sealed class HostileNode : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Dictionary<string, Func<Call, Task>> scripts = new(StringComparer.Ordinal);
    private readonly Task accepting;
    private int calls;

    public HostileNode()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Api => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>How many calls came.</summary>
    public int Calls => Volatile.Read(ref calls);

    /// <summary>The head of the last call.</summary>
    public string LastHead { get; private set; } = "";

    /// <summary>What to do with a command, e.g. "block/get".</summary>
    public HostileNode On(string command, Func<Call, Task> script)
    {
        scripts[command] = script;
        return this;
    }

    /// <summary>Answers a command with a whole answer.</summary>
    public HostileNode On(string command, int status, string type, string body) => On(command, call => call.AnswerAsync(status, type, Encoding.UTF8.GetBytes(body)));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting; // First: a listener that is stopped between two calls may not be asked for the next.
        listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = await ReadHeadAsync(stream);
                LastHead = head;
                Interlocked.Increment(ref calls);
                var target = head.Split(' ')[1];
                var command = target["/api/v0/".Length..].Split('?')[0];
                await scripts[command](new Call(target, client, stream, stop.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The caller has hung up, or the test is over.
            }
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, stop.Token) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>One call, and its caller's ear.</summary>
    internal sealed record Call(string Target, TcpClient Client, NetworkStream Stream, CancellationToken Stop)
    {
        public Task PublishAsync(string text) => Stream.WriteAsync(Encoding.UTF8.GetBytes(text), Stop).AsTask();

        public Task PublishAsync(byte[] bytes) => Stream.WriteAsync(bytes, Stop).AsTask();

        /// <summary>Never says another word.</summary>
        public Task HangAsync() => Task.Delay(Timeout.Infinite, Stop);

        /// <summary>Ends the connection so that the other side sees a reset.</summary>
        public Task ResetAsync()
        {
            Client.LingerState = new LingerOption(true, 0);
            Client.Close();
            return Task.CompletedTask;
        }

        public async Task AnswerAsync(int status, string type, byte[] body)
        {
            await PublishAsync($"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
            await PublishAsync(body);
            await DrainAsync();
        }

        // What is still being sent has to be read, or the answer is lost in a reset.
        private async Task DrainAsync()
        {
            Client.Client.Shutdown(SocketShutdown.Send);
            var buffer = new byte[65_536];
            while (await Stream.ReadAsync(buffer, Stop) > 0)
            {
            }
        }
    }
}
