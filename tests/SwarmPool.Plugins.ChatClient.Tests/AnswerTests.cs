using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.Plugins.ChatClient.Tests.Support;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>What honest servers are asked, and what becomes of their answers.</summary>
public sealed class AnswerTests
{
    private const string All = """{"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hä?"},{"role":"assistant","content":"what"},{"role":"user","content":"2+2"}],"max_tokens":9,"temperature":"0.25","top_p":0.5,"stop":["END"],"seed":77}""";

    [Fact]
    public async Task A_text_is_put_together_from_its_pieces_and_written_canonically()
    {
        await using var server = new ScriptedServer(exchange => exchange.SayAsync("Hel", "lo\n", "\"🐝\" \u2028", "\u0001"));
        await using var models = new TestModels(server.Url);
        var result = await models.RunAsync();

        Assert.Equal("""{"finish":"stop","text":"Hello\n\"🐝\" """ + "\u2028" + """\u0001","usage":{"input_bytes":5,"output_bytes":17}}""", Encoding.UTF8.GetString(result.Output.Span));
        Assert.Null(result.Confidence);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task The_job_is_passed_on_as_it_is(string kind)
    {
        await using var server = new ScriptedServer(exchange => kind == "openai" ? exchange.SayAsync("4") : exchange.SayAsOllamaAsync("4"));
        await using var models = new TestModels(server.Url, kind);
        var answer = await models.AnswerAsync(All);

        Assert.Equal("4", answer["text"]!.GetValue<string>());
        var request = Assert.Single(server.Requests);
        var body = JsonNode.Parse(request[request.IndexOf("\r\n\r\n", StringComparison.Ordinal)..])!;
        Assert.StartsWith(kind == "openai" ? "POST /v1/chat/completions " : "POST /v1/api/chat ", request, StringComparison.Ordinal);
        Assert.Equal("tiny", body["model"]!.GetValue<string>());
        Assert.Equal(
            ["system: be brief", "user: hä?", "assistant: what", "user: 2+2"],
            body["messages"]!.AsArray().Select(static one => $"{one!["role"]}: {(one["content"] is JsonArray parts ? parts[0]!["text"] : one["content"])}"));
        var options = kind == "openai" ? body : body["options"]!;
        Assert.Equal(77, options["seed"]!.GetValue<int>());
        Assert.Equal(0.25, options["temperature"]!.GetValue<double>());
        Assert.Equal(0.5, options["top_p"]!.GetValue<double>());
        Assert.Equal("END", options["stop"]![0]!.GetValue<string>());
        Assert.True(body["stream"]!.GetValue<bool>());
        Assert.Equal(9, options[kind == "openai" ? "max_tokens" : "num_predict"]!.GetValue<int>());
        Assert.Null(body["max_completion_tokens"]); // Both at once are refused by some.
    }

    [Fact]
    public async Task What_the_job_leaves_out_is_the_servers_affair_but_for_the_most_tokens()
    {
        await using var server = new ScriptedServer(static exchange => exchange.SayAsync("4"));
        await using var models = new TestModels(server.Url);
        models.Limits["max_output_tokens"] = 31;
        await models.RunAsync();

        var request = Assert.Single(server.Requests);
        Assert.Contains("\"max_tokens\":31", request, StringComparison.Ordinal);
        Assert.All(["seed", "temperature", "top_p", "\"stop\""], key => Assert.DoesNotContain(key, request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task Tokens_are_counted_here_and_never_taken_from_the_server(string kind)
    {
        await using var server = new ScriptedServer(exchange => kind == "openai" ? exchange.SayAsync("ab", "ä") : exchange.SayAsOllamaAsync("ab", "ä"));
        await using var counting = new TestModels(server.Url, kind).CountBytes();
        await using var blind = new TestModels(server.Url, kind);

        Assert.Equal("""{"input_bytes":5,"input_tokens":5,"output_bytes":4,"output_tokens":4}""", (await counting.AnswerAsync())["usage"]!.ToJsonString());
        Assert.Equal("""{"input_bytes":5,"output_bytes":4}""", (await blind.AnswerAsync())["usage"]!.ToJsonString());
    }

    [Theory]
    [InlineData("stop", "stop")]
    [InlineData("length", "length")]
    [InlineData("content_filter", "content_filter")]
    [InlineData("tool_calls", "other")]
    public async Task The_finish_reason_is_one_of_four_words(string said, string told)
    {
        await using var server = new ScriptedServer(async exchange =>
        {
            await exchange.BeginAsync();
            await exchange.ChunkAsync(Streams.OpenAi("a", said));
            await exchange.EndAsync();
        });
        await using var models = new TestModels(server.Url);

        Assert.Equal(told, (await models.AnswerAsync())["finish"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task The_key_goes_into_the_header_and_nowhere_else(string kind)
    {
        await using var server = new ScriptedServer(exchange => kind == "openai" ? exchange.SayAsync("4") : exchange.SayAsOllamaAsync("4"));
        await using var keyed = new TestModels(server.Url, kind).WithKey("sk-very-secret-1");
        await using var keyless = new TestModels(server.Url, kind);
        await keyed.RunAsync();
        await keyless.RunAsync();

        Assert.Contains("Authorization: Bearer sk-very-secret-1\r\n", server.Requests.First(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("authorization", server.Requests.Last(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("sk-very-secret-1", keyed.Logged, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_class_says_that_nothing_is_known_of_the_arithmetic()
    {
        await using var server = new ScriptedServer(static exchange => exchange.SayAsync("4"));
        await using var models = new TestModels(server.Url);
        var result = await models.RunAsync();

        Assert.Equal(("unverified/openai", "unknown", "unknown"), (result.Class.Runtime, result.Class.Device, result.Class.Precision));
        var manifest = File.ReadAllBytes(Path.Combine(models.Folder, TestModels.Model, "model.json"));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(manifest)), result.Class.ModelSha256);
        Assert.Equal(server.Url.GetLeftPart(UriPartial.Authority), Assert.Single((await models.Backend.DescribeAsync(default)).Devices).Name);
    }
}
