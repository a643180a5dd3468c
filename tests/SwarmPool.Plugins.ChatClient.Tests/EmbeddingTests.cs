using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using SwarmPool.Plugins.ChatClient.Tests.Support;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>Vectors are passed on as other backends write tensors, after it was seen that they are some.</summary>
public sealed class EmbeddingTests
{
    private const string Two = """{"input":["one","two ä"]}""";

    private static Func<Exchange, Task> OpenAi(params float[][] vectors) => exchange => exchange.AnswerAsync("200 OK", new JsonObject
    {
        ["object"] = "list",
        ["model"] = "tiny",
        ["data"] = new JsonArray([.. vectors.Select(static (vector, i) => new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = i,
            ["embedding"] = Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan())),
        })]),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 70001, ["total_tokens"] = 70001 },
    }.ToJsonString());

    private static Func<Exchange, Task> Ollama(string vectors) => exchange => exchange.AnswerAsync("200 OK", $$"""{"model":"tiny","embeddings":{{vectors}},"prompt_eval_count":70001}""");

    private static async Task<string> FaultAsync(Func<Exchange, Task> script, Action<TestModels>? change = null, string kind = "openai")
    {
        await using var server = new ScriptedServer(script);
        await using var models = new TestModels(server.Url, kind, TestModels.Embeddings);
        change?.Invoke(models);
        return await models.FaultAsync(Two).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData("openai", "POST /v1/embeddings ")]
    [InlineData("ollama", "POST /v1/api/embed ")]
    public async Task Vectors_are_written_as_tensors(string kind, string request)
    {
        await using var server = new ScriptedServer(kind == "openai" ? OpenAi([0.5f, -1, 1e-7f], [3, 0, 0.1f]) : Ollama("[[0.5,-1,1e-7],[3,0,0.1]]"));
        await using var models = new TestModels(server.Url, kind, TestModels.Embeddings).CountBytes();
        var answer = await models.AnswerAsync(Two);

        Assert.Equal(
            """{"outputs":{"embeddings":{"data":["0.5","-1","1E-07","3","0","0.1"],"shape":[2,3]}},"usage":{"input_bytes":9,"input_tokens":9}}""",
            answer.ToJsonString());
        var asked = Assert.Single(server.Requests);
        Assert.StartsWith(request, asked, StringComparison.Ordinal);
        Assert.Equal(["one", "two ä"], JsonNode.Parse(asked[asked.IndexOf("\r\n\r\n", StringComparison.Ordinal)..])!["input"]!.AsArray().Select(static one => one!.GetValue<string>()));
    }

    [Fact]
    public async Task As_many_vectors_as_texts_or_a_fault() => Assert.EndsWith("gave 1 vectors for 2 texts. (SP5129)", await FaultAsync(OpenAi([1f])), StringComparison.Ordinal);

    [Fact]
    public async Task Vectors_of_different_lengths_are_a_fault() => Assert.EndsWith("(SP5129)", await FaultAsync(OpenAi([1f], [1f, 2f])), StringComparison.Ordinal);

    [Fact]
    public async Task Vectors_without_numbers_are_a_fault() => Assert.EndsWith("(SP5129)", await FaultAsync(Ollama("[[],[]]"), kind: "ollama"), StringComparison.Ordinal);

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task What_is_no_number_is_a_fault(float value) =>
        Assert.EndsWith("no finite number. (SP5129)", await FaultAsync(OpenAi([1f, 2f], [1f, value])), StringComparison.Ordinal);

    [Fact]
    public async Task Numbers_are_taken_where_base64_was_asked_for()
    {
        await using var server = new ScriptedServer(static exchange => exchange.AnswerAsync("200 OK", """{"data":[{"index":0,"embedding":[1,2.5]}]}"""));
        await using var models = new TestModels(server.Url, task: TestModels.Embeddings);

        Assert.Equal("""["1","2.5"]""", (await models.AnswerAsync("""{"input":["a"]}"""))["outputs"]!["embeddings"]!["data"]!.ToJsonString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"data\":7}")]
    [InlineData("{\"data\":[{\"index\":0,\"embedding\":\"!!\"},{\"index\":1,\"embedding\":\"!!\"}]}")]
    [InlineData("{\"data\":[{\"index\":0,\"embedding\":[\"a\"]},{\"index\":1,\"embedding\":[[]]}]}")]
    [InlineData("[")]
    [InlineData("<html>")]
    public async Task What_is_no_list_of_vectors_is_a_fault(string body) => Assert.EndsWith(
        "(SP5129)", await FaultAsync(exchange => exchange.AnswerAsync("200 OK", body)), StringComparison.Ordinal);

    [Fact]
    public async Task An_output_beyond_the_limit_is_a_fault() => Assert.EndsWith(
        "(limits.max_output_bytes). Send fewer texts, or raise it. (SP5131)",
        await FaultAsync(OpenAi(new float[100], new float[100]), static models => models.Limits["max_output_bytes"] = 700), StringComparison.Ordinal);

    [Theory]
    [InlineData("openai")]
    [InlineData("ollama")]
    public async Task A_body_without_end_is_read_to_the_limit_only(string kind) => Assert.EndsWith(
        "(SP5131)",
        await FaultAsync(
            static async exchange =>
            {
                await exchange.BeginAsync("application/json");
                while (true)
                {
                    await exchange.ChunkAsync(new string('[', 8192));
                }
            },
            static models => models.Limits["max_output_bytes"] = 1000,
            kind),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_body_that_breaks_off_is_a_fault() => Assert.EndsWith(
        "(SP5130)",
        await FaultAsync(static async exchange =>
        {
            await exchange.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"data\":");
            exchange.Close();
        }),
        StringComparison.Ordinal);
}
