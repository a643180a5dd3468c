using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SwarmPool.Plugins.ChatClient.Tests.Support;

/// <summary>A server on loopback that reads a request as HTTP has it and answers each as its script says, byte by byte if need be.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Func<Exchange, Task> script;
    private readonly Task serving;
    private readonly ConcurrentBag<Task> open = [];

    public ScriptedServer(Func<Exchange, Task> script)
    {
        this.script = script;
        listener.Start();
        serving = ServeAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v1");

    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>How many of its connections the other side closed while the script still had to say something, or waited for that.</summary>
    public int Left => left;

    private int left;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await serving;
        await Task.WhenAll(open);
        ending.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                open.Add(TalkAsync(await listener.AcceptTcpClientAsync(ending.Token)));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            var stream = client.GetStream();
            try
            {
                while (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    var exchange = new Exchange(request, stream, client, ending.Token);
                    await script(exchange);
                    if (exchange.IsLast)
                    {
                        return;
                    }
                }
            }
            catch (Exception gone) when (gone is IOException or SocketException)
            {
                Interlocked.Increment(ref left);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    /// <summary>Head and body of a request, whose length is told or which comes in chunks; null when there is none.</summary>
    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var text = Encoding.UTF8.GetString([.. bytes]);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0 && IsWhole(text[..head], bytes.Count - head - 4, text))
            {
                return text;
            }

            var count = await stream.ReadAsync(buffer, ending.Token);
            if (count == 0)
            {
                return null;
            }

            bytes.AddRange(buffer.AsSpan(0, count));
        }
    }

    private static bool IsWhole(string head, int bodyBytes, string all)
    {
        var length = head.Split("\r\n").FirstOrDefault(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is not null
            ? bodyBytes >= int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture)
            : !head.Contains("chunked", StringComparison.OrdinalIgnoreCase) || all.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
    }
}

/// <summary>One request, and what is said to it.</summary>
public sealed class Exchange(string request, NetworkStream stream, TcpClient client, CancellationToken ended)
{
    public string Request { get; } = request;

    public CancellationToken Ended { get; } = ended;

    /// <summary>Whether the connection ends with it.</summary>
    public bool IsLast { get; private set; }

    public async Task WriteAsync(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), Ended);

    public Task AnswerAsync(string status, string body, string type = "application/json", string headers = "") =>
        WriteAsync($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public Task BeginAsync(string type = "text/event-stream", string headers = "") =>
        WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\n{headers}Transfer-Encoding: chunked\r\n\r\n");

    public Task ChunkAsync(string text) => WriteAsync($"{Encoding.UTF8.GetByteCount(text):x}\r\n{text}\r\n");

    public Task EndAsync() => WriteAsync("0\r\n\r\n");

    public void Close() => IsLast = true;

    /// <summary>Not with a farewell but as a process that was killed.</summary>
    public void Reset()
    {
        client.LingerState = new LingerOption(true, 0);
        IsLast = true;
    }

    /// <summary>Says nothing until the other side closes the connection, which is thrown as such.</summary>
    public async Task WaitAsync()
    {
        var buffer = new byte[1];
        if (await stream.ReadAsync(buffer, Ended) == 0)
        {
            throw new IOException("closed");
        }
    }
}
