using System.Text;
using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Tests.Support;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>Inputs are strangers': what is not exactly one is refused with SP5121 and a reason.</summary>
public sealed class InputTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/v1");

    [Theory]
    [InlineData("", "it is not JSON")]
    [InlineData("nonsense", "it is not JSON")]
    [InlineData("[]", "it is no object")]
    [InlineData("{}", "messages: write a list of 1 to 1024")]
    [InlineData("{\"messages\":[]}", "messages: write a list of 1 to 1024")]
    [InlineData("{\"messages\":\"hello\"}", "messages: write a list")]
    [InlineData("{\"messages\":[\"hello\"]}", "messages[0]: write")]
    [InlineData("{\"messages\":[{\"role\":\"user\"}]}", "messages[0]: write")]
    [InlineData("{\"messages\":[{\"role\":\"tool\",\"content\":\"a\"}]}", "messages[0]: write")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}", "messages[0]: write")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"name\":\"b\"}]}", "messages[0]: write")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"\\u0000\"}]}", "NUL")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}", "half a character")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"messages\":[]}", "it is not JSON")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"max_tokens\":0}", "max_tokens: write a whole number from 1 to 1024")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"max_tokens\":1025}", "max_tokens: write a whole number from 1 to 1024")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"max_tokens\":1.5}", "max_tokens: write")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"temperature\":-1}", "temperature: write a decimal number from 0 to 2")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"temperature\":\"NaN\"}", "temperature: write")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"top_p\":1e0}", "top_p: write")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"top_p\":1.1}", "top_p: write a decimal number from 0 to 1")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stop\":\"\"}", "stop: write a text of 1 to 128 characters")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stop\":[1]}", "stop: write")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"seed\":-1}", "seed: write a whole number from 0 to 2147483647")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"seed\":9007199254740993}", "seed: write")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"model\":\"gpt-4\"}", "there is no key \"model\"")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"stream\":false}", "there is no key \"stream\"")]
    public async Task A_chat_that_is_none_is_refused(string input, string why)
    {
        await using var models = new TestModels(Nowhere);
        var said = await models.FaultAsync(input);

        Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.EndsWith("(SP5121)", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"input\":\"one\"}", "input: write a list of 1 to 2")]
    [InlineData("{\"input\":[]}", "input: write a list of 1 to 2")]
    [InlineData("{\"input\":[\"a\",\"b\",\"c\"]}", "input: write a list of 1 to 2")]
    [InlineData("{\"input\":[\"\"]}", "none of them empty")]
    [InlineData("{\"input\":[[1,2]]}", "write texts")]
    [InlineData("{\"input\":[\"a\"],\"dimensions\":3}", "there is no key \"dimensions\"")]
    public async Task Texts_that_are_none_are_refused(string input, string why)
    {
        await using var models = new TestModels(Nowhere, task: TestModels.Embeddings);
        models.Limits["max_inputs"] = 2;
        var said = await models.FaultAsync(input);

        Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.EndsWith("(SP5121)", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_and_a_strangers_words_stay_short()
    {
        await using var models = new TestModels(Nowhere);
        var keys = string.Concat(Enumerable.Range(0, 500).Select(static i => $",\"{i}{new string('k', 900)}\":1"));
        var said = await models.FaultAsync($$"""{"messages":7,"seed":"x"{{keys}}}""");

        Assert.All(["messages: write", "seed: write", "there is no key \"0kkk"], part => Assert.Contains(part, said, StringComparison.Ordinal));
        Assert.InRange(said.Length, 100, 3000);
    }

    [Fact]
    public async Task An_input_beyond_the_limit_is_refused_unread()
    {
        await using var models = new TestModels(Nowhere);
        var said = await models.FaultAsync(new string(' ', 1024 * 1024 + 1));

        Assert.Contains("max_input_bytes", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_nested_without_end_is_refused()
    {
        await using var models = new TestModels(Nowhere);

        Assert.EndsWith("(SP5121)", await models.FaultAsync($"{{\"messages\":{new string('[', 500_000)}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_kind_of_job_is_refused()
    {
        await using var models = new TestModels(Nowhere);
        var refusal = await Assert.ThrowsAsync<InferenceException>(
            async () => await models.Backend.RunAsync(new InferenceRequest(TestModels.Model, "image-classification", Encoding.UTF8.GetBytes("{}")), null, default));

        Assert.Contains("does not do jobs of type \"image-classification\"; it does: chat", refusal.Message, StringComparison.Ordinal);
    }
}
