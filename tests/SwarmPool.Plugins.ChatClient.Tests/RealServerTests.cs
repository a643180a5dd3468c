using SwarmPool.Plugins.ChatClient.Tests.Support;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>A server as people run them. Its model has a character for each token, so that what is counted here can be checked.</summary>
[Trait("Needs", "inference")]
public sealed class RealServerTests(InferenceServer server) : IClassFixture<InferenceServer>
{
    private const string Hello = """{"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hello"}],"max_tokens":24,"seed":7}""";

    [Fact]
    public async Task An_answer_comes_and_its_tokens_are_counted_here()
    {
        await using var models = new TestModels(server.Url).CountBytes();
        var answer = await models.AnswerAsync(Hello);
        var text = answer["text"]!.GetValue<string>();

        Assert.InRange(text.Length, 1, 24);
        Assert.Equal(13, answer["usage"]!["input_tokens"]!.GetValue<int>());
        Assert.Equal(text.Length, answer["usage"]!["output_tokens"]!.GetValue<int>());
        Assert.Contains(answer["finish"]!.GetValue<string>(), new[] { "stop", "length" });
    }

    [Fact]
    public async Task It_is_held_to_limits_that_it_knows_nothing_of()
    {
        await using var models = new TestModels(server.Url);
        models.Limits["max_output_bytes"] = 5;
        var answers = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var answer = await models.AnswerAsync("""{"messages":[{"role":"user","content":"hello"}],"max_tokens":100}""");
            answers.Add($"{answer["finish"]}: {answer["text"]!.GetValue<string>().Length}");
        }

        // It may end an answer by itself before; of five that all do so there is hardly one in a hundred thousand.
        Assert.Contains("length: 5", answers);
        Assert.All(answers, static one => Assert.InRange(int.Parse(one.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), 0, 5));
    }

    [Fact]
    public async Task A_model_that_it_does_not_have_is_a_named_fault()
    {
        await using var models = new TestModels(server.Url);
        models.Endpoint["model"] = "another";
        var said = await models.FaultAsync(Hello);

        Assert.Contains("Model does not exist", said, StringComparison.Ordinal);
        Assert.EndsWith("(SP5127)", said, StringComparison.Ordinal); // It says 400, not 404.
    }

    [Fact]
    public async Task An_address_that_it_does_not_have_is_a_named_fault()
    {
        await using var models = new TestModels(new Uri(server.Url, "/nowhere"));

        Assert.EndsWith("(SP5124)", await models.FaultAsync(Hello), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_fails_by_name_at_embeddings_of_several_texts_which_it_does_not_know()
    {
        await using var models = new TestModels(server.Url, task: TestModels.Embeddings);

        Assert.EndsWith("(SP5126)", await models.FaultAsync("""{"input":["a","b"]}"""), StringComparison.Ordinal);
    }
}
