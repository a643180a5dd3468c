using System.Text.Json.Nodes;
using SwarmPool.Plugins.ChatClient.Tests.Support;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>The limits hold whatever a server makes of them: the stream is closed, and what was within them is the answer.</summary>
public sealed class LimitTests
{
    private static async Task ForeverAsync(Exchange exchange, string piece)
    {
        await exchange.BeginAsync();
        while (true)
        {
            await exchange.ChunkAsync(Streams.OpenAi(piece));
        }
    }

    private static async Task ForeverAsOllamaAsync(Exchange exchange, string piece)
    {
        await exchange.BeginAsync("application/x-ndjson");
        while (true)
        {
            await exchange.ChunkAsync(Streams.Ollama(piece));
        }
    }

    private static async Task<JsonObject> CutAsync(string piece, Action<TestModels> change, string kind = "openai", string more = "")
    {
        await using var server = new ScriptedServer(exchange => kind == "openai" ? ForeverAsync(exchange, piece) : ForeverAsOllamaAsync(exchange, piece));
        await using var models = new TestModels(server.Url, kind);
        change(models);
        var answer = await models.AnswerAsync($$"""{"messages":[{"role":"user","content":"x"}]{{more}}}""");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (server.Left == 0)
        {
            await Task.Delay(5, limit.Token); // The server sees that nobody reads any more.
        }

        Assert.Contains("was cut", models.Logged, StringComparison.Ordinal);
        return answer;
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task With_a_tokenizer_an_answer_has_no_more_tokens_than_asked_for(string kind)
    {
        var answer = await CutAsync("abcd", models => models.CountBytes(), kind, ",\"max_tokens\":10");

        Assert.Equal("""{"finish":"length","text":"abcdabcdab","usage":{"input_bytes":1,"input_tokens":1,"output_bytes":10,"output_tokens":10}}""", answer.ToJsonString());
    }

    [Fact]
    public async Task Half_a_character_is_never_left_at_the_cut()
    {
        var answer = await CutAsync("🐝", models => models.CountBytes(), more: ",\"max_tokens\":10");

        Assert.Equal("🐝🐝", answer["text"]!.GetValue<string>());
        Assert.Equal(8, answer["usage"]!["output_tokens"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task Without_one_an_answer_has_no_more_pieces(string kind)
    {
        var answer = await CutAsync("abcd", models => models.Limits["max_output_tokens"] = 3, kind);

        Assert.Equal(("length", "abcdabcdabcd"), (answer["finish"]!.GetValue<string>(), answer["text"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_answer_has_no_more_bytes_than_allowed()
    {
        var answer = await CutAsync("aä🐝", models => models.Limits["max_output_bytes"] = 16);

        Assert.Equal(("length", "aä🐝aä🐝a"), (answer["finish"]!.GetValue<string>(), answer["text"]!.GetValue<string>()));
        Assert.Equal(15, answer["usage"]!["output_bytes"]!.GetValue<int>());
    }

    [Fact]
    public async Task One_piece_beyond_all_limits_is_cut_too()
    {
        var answer = await CutAsync(new string('x', 100_000), models => models.CountBytes().Limits["max_output_tokens"] = 50);

        Assert.Equal(new string('x', 50), answer["text"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("one STO", "P two", "one ")]
    [InlineData("one ", "STOPSTOP", "one ")]
    [InlineData("STOP", "", "")]
    [InlineData("a S ST STO", "S", "a S ST STOSa S ST STOSa S ST ")]
    public async Task A_stop_string_ends_the_answer_although_the_server_goes_on(string first, string second, string wanted)
    {
        await using var server = new ScriptedServer(async exchange =>
        {
            await exchange.BeginAsync();
            while (true)
            {
                await exchange.ChunkAsync(Streams.OpenAi(first));
                await exchange.ChunkAsync(Streams.OpenAi(second));
            }
        });
        await using var models = new TestModels(server.Url);
        models.Limits["max_output_bytes"] = 29;
        var answer = await models.AnswerAsync("""{"messages":[{"role":"user","content":"x"}],"stop":"STOP"}""");

        Assert.StartsWith(wanted, answer["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(wanted.Length < 20 ? "stop_string" : "length", answer["finish"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_is_no_text_in_an_answer_reads_as_one()
    {
        await using var server = new ScriptedServer(static exchange => exchange.SayAsync("a\0b"));
        await using var models = new TestModels(server.Url);

        Assert.Equal("a\uFFFDb", (await models.AnswerAsync())["text"]!.GetValue<string>());
    }
}
