using System.Net;
using System.Net.Sockets;
using SwarmPool.Plugins.ChatClient.Tests.Support;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>What these allocate is measured, so nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Faults), DisableParallelization = true)]
public sealed class Faults;

/// <summary>Each way in which a server can fail has a code, soon, with bounded memory, and leaves the backend usable.</summary>
[Collection(nameof(Faults))]
public sealed class FaultTests
{
    private const string Secret = "sk-secret-4711";

    private static readonly Dictionary<string, (string Code, Func<Exchange, Task> Script)> Scripts = new(StringComparer.Ordinal)
    {
        ["401"] = ("SP5123", static exchange => exchange.AnswerAsync("401 Unauthorized", $$$"""{"error":{"message":"no such key: {{{Secret}}}"}}""")),
        ["403"] = ("SP5123", static exchange => exchange.AnswerAsync("403 Forbidden", $"Authorization: Bearer {Secret} is not allowed", "text/plain")),
        ["404"] = ("SP5124", static exchange => exchange.AnswerAsync("404 Not Found", """{"error":"model 'tiny' not found"}""")),
        ["429"] = ("SP5125", static exchange => exchange.AnswerAsync("429 Too Many Requests", "", headers: "Retry-After: 17\r\n")),
        ["400"] = ("SP5127", static exchange => exchange.AnswerAsync("400 Bad Request", """{"error":{"message":"too long\nby far"}}""")),
        ["418"] = ("SP5127", static exchange => exchange.AnswerAsync("418 Teapot", "<html>I am a teapot</html>", "text/html")),
        ["500"] = ("SP5126", static exchange => exchange.AnswerAsync("500 Internal Server Error", $"{{\"message\":\"api_key={Secret}\"}}")),
        ["503"] = ("SP5126", static exchange => exchange.AnswerAsync("503 Service Unavailable", "", headers: "Retry-After: 3\r\n")),
        ["204"] = ("SP5127", static exchange => exchange.WriteAsync("HTTP/1.1 204 No Content\r\n\r\n")),
        ["endless words of a refusal"] = ("SP5126", static async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n");
            await FloodAsync(exchange, new string('x', 8192));
        }
        ),
        ["not HTTP"] = ("SP5129", static async exchange =>
        {
            await exchange.WriteAsync("SSH-2.0-OpenSSH_9.2\r\n\r\n");
            exchange.Close();
        }
        ),
        ["headers without end"] = ("SP5131", static async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\n");
            while (true)
            {
                await exchange.WriteAsync($"X-More: {new string('x', 8192)}\r\n");
            }
        }
        ),
        ["closed before an answer"] = ("SP5130", static exchange =>
        {
            exchange.Close();
            return Task.CompletedTask;
        }
        ),
        ["a page"] = ("SP5130", static exchange => exchange.AnswerAsync("200 OK", "<html><body>It works!</body></html>", "text/html")),
        ["malformed SSE"] = ("SP5129", static exchange => StreamAsync(exchange, Streams.OpenAi("a"), "data: {\"choices\":[{\"delta\":{\"content\":\n\n")),
        ["SSE of another kind"] = ("SP5129", static exchange => StreamAsync(exchange, "data: [1,2,3]\n\n")),
        ["half a character in JSON"] = ("SP5129", static exchange => StreamAsync(exchange, """data: {"id":"x","choices":[{"index":0,"delta":{"content":"\ud83d"}}]}""" + "\n\n")),
        ["compressed unasked"] = ("SP5130", static async exchange =>
        {
            await exchange.BeginAsync(headers: "Content-Encoding: gzip\r\n");
            await exchange.ChunkAsync("\u001f\u008b\u0008 no text at all");
            await exchange.EndAsync();
        }
        ),
        ["an error in the stream"] = ("SP5130", static exchange => StreamAsync(exchange, Streams.OpenAi("a"), $$$"""data: {"error":{"message":"out of memory {{{Secret}}}","code":500}}""" + "\n\n")),
        ["no finish reason"] = ("SP5130", static exchange => StreamAsync(exchange, Streams.OpenAi("a"), "data: [DONE]\n\n")),
        ["nothing"] = ("SP5130", static exchange => StreamAsync(exchange)),
        ["cut in the middle"] = ("SP5130", static async exchange =>
        {
            await exchange.BeginAsync();
            await exchange.ChunkAsync(Streams.OpenAi("a"));
            exchange.Close();
        }
        ),
        ["cut in a chunk"] = ("SP5130", static async exchange =>
        {
            await exchange.BeginAsync();
            await exchange.WriteAsync("ffff\r\ndata: {\"choi");
            exchange.Close();
        }
        ),
        ["killed in the middle"] = ("SP5130", static async exchange =>
        {
            await exchange.BeginAsync();
            await exchange.ChunkAsync(Streams.OpenAi("a"));
            exchange.Reset();
        }
        ),
        ["chunks that are none"] = ("SP5130", static async exchange =>
        {
            await exchange.BeginAsync();
            await exchange.WriteAsync("nonsense\r\n");
            exchange.Close();
        }
        ),
        ["shorter than promised"] = ("SP5130", static async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99999\r\n\r\n" + Streams.OpenAi("a", "stop"));
            exchange.Close();
        }
        ),
        ["a line without end"] = ("SP5131", static async exchange =>
        {
            await exchange.BeginAsync();
            await FloodAsync(exchange, new string('x', 8192));
        }
        ),
        ["comments without end"] = ("SP5131", static async exchange =>
        {
            await exchange.BeginAsync();
            await FloodAsync(exchange, ": ping\n\n");
        }
        ),
        ["empty pieces without end"] = ("SP5131", static async exchange =>
        {
            await exchange.BeginAsync();
            await FloodAsync(exchange, Streams.OpenAi(""));
        }
        ),
        ["thoughts without end"] = ("SP5131", static async exchange =>
        {
            await exchange.BeginAsync();
            await FloodAsync(exchange, """data: {"id":"x","choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}""" + "\n\n");
        }
        ),
    };

    public static TheoryData<string> Names => [.. Scripts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_fault_has_its_code_and_no_secret_in_it(string name)
    {
        var (code, script) = Scripts[name];
        var isWell = false;
        await using var server = new ScriptedServer(exchange => isWell ? exchange.SayAsync("well") : script(exchange));
        await using var models = new TestModels(server.Url).WithKey(Secret);
        models.Limits["max_output_bytes"] = 4096;
        models.Limits["max_output_tokens"] = 16;
        var before = GC.GetTotalAllocatedBytes();
        var said = await models.FaultAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.EndsWith($"({code})", said, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:", said, StringComparison.Ordinal);
        Assert.Contains(said, models.Logged, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, said + models.Logged, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Assert.InRange(said.Length, 20, 500);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 * 1024 * 1024); // Server and test too; a flood would never end.
        isWell = true;
        Assert.Equal("well", (await models.AnswerAsync())["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task Who_is_busy_says_for_how_long()
    {
        await using var server = new ScriptedServer(Scripts["429"].Script);
        await using var models = new TestModels(server.Url);

        Assert.Contains("it asks to wait 17 s", await models.FaultAsync(), StringComparison.Ordinal);
        Assert.Single(server.Requests); // Asked once: the pool gives the job to another.
    }

    [Fact]
    public async Task A_servers_own_words_come_along_in_one_line()
    {
        await using var server = new ScriptedServer(Scripts["400"].Script);
        await using var models = new TestModels(server.Url);

        Assert.Contains("(HTTP 400): too long by far.", await models.FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("307 Temporary Redirect")]
    public async Task A_redirect_is_named_and_not_followed(string status)
    {
        await using var other = new ScriptedServer(static exchange => exchange.SayAsync("here"));
        await using var server = new ScriptedServer(exchange => exchange.AnswerAsync(status, "", headers: $"Location: {other.Url}/chat/completions\r\n"));
        await using var models = new TestModels(server.Url).WithKey(Secret);

        Assert.EndsWith("(SP5128)", await models.FaultAsync(), StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task A_refused_connection_is_named(string kind)
    {
        await using var models = new TestModels(FreePort(), kind);

        Assert.EndsWith("(SP5122)", await models.FaultAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_none_is_named()
    {
        await using var models = new TestModels(new Uri("http://no-such-host.invalid/v1"));

        Assert.EndsWith("(SP5122)", await models.FaultAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"model\":\n", "SP5129")]
    [InlineData("{\"error\":\"model runner has died\"}\n", "SP5130")]
    [InlineData("{\"message\":{\"role\":\"assistant\",\"content\":\"a\"},\"done\":false}\n", "SP5130")]
    [InlineData("", "SP5130")]
    public async Task Ollamas_streams_fail_by_name_too(string body, string code)
    {
        await using var server = new ScriptedServer(exchange => exchange.AnswerAsync("200 OK", body, "application/x-ndjson"));
        await using var models = new TestModels(server.Url, "ollama");

        Assert.EndsWith($"({code})", await models.FaultAsync(), StringComparison.Ordinal);
    }

    private static Uri FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
    }

    private static async Task StreamAsync(Exchange exchange, params string[] parts)
    {
        await exchange.BeginAsync();
        foreach (var part in parts)
        {
            await exchange.ChunkAsync(part);
        }

        await exchange.EndAsync();
    }

    private static async Task FloodAsync(Exchange exchange, string part)
    {
        while (true)
        {
            await exchange.ChunkAsync(part);
        }
    }
}
