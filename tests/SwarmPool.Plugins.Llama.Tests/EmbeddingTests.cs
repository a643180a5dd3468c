using System.Globalization;
using System.Text.Json;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama.Tests;

public sealed class EmbeddingTests : IDisposable
{
    private readonly TinyModels models = new TinyModels().Add();

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task Each_text_has_a_vector_of_length_1_that_does_not_depend_on_the_others()
    {
        await using var backend = Backends.Over(models.Folder);
        var both = await RunAsync(backend, """{"input":["a cat","stocks fell"]}""");
        Assert.Equal(2, both.Vectors.Count);
        Assert.All(both.Vectors, static vector => Assert.Equal(1, vector.Sum(static value => value * value), 1e-5));
        Assert.Equal(64, both.Vectors[0].Count);
        Assert.NotEqual(both.Vectors[0], both.Vectors[1]);
        var model = await backend.TokensAsync();
        Assert.Equal((await model.EncodeAsync("a cat")).Length + (await model.EncodeAsync("stocks fell")).Length, both.Tokens);
        Assert.Equal(both.Vectors[1], Assert.Single((await RunAsync(backend, """{"input":"stocks fell"}""")).Vectors));
    }

    [Theory]
    [InlineData("", "it is not JSON")]
    [InlineData("""{"input":[]}""", "a list of 1 to 256")]
    [InlineData("""{"input":[5]}""", "a list of 1 to 256")]
    [InlineData("""{"input":"a","model":"b"}""", "it is no object with")]
    public async Task What_is_no_such_input_is_refused(string input, string expected)
    {
        await using var backend = Backends.Over(models.Folder);
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.RunAsync(Backends.Embedding(input), null, default));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_does_not_fit_and_a_kind_of_job_that_it_does_not_do_are_refused()
    {
        using var other = new TinyModels().Add("texts", change: static manifest => manifest["job_types"] = new System.Text.Json.Nodes.JsonArray("text-generation")).Add();
        await using var backend = Backends.Over(other.Folder);
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.RunAsync(Backends.Embedding($$"""{"input":"{{new string('a', 300)}}"}"""), null, default));
        Assert.Contains("1 to 256 are accepted", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.RunAsync(Backends.Embedding("""{"input":"a"}""") with { Model = "texts" }, null, default));
        Assert.Contains("does not do jobs of type \"text-embedding\"", refused.Message, StringComparison.Ordinal);
        refused = await Assert.ThrowsAsync<InferenceException>(async () => await backend.RunAsync(new InferenceRequest("texts", "text-generation", "{}"u8.ToArray()), null, default));
        Assert.Contains("gives its logits", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<(List<List<double>> Vectors, int Tokens)> RunAsync(IInferenceBackend backend, string input)
    {
        var result = await backend.RunAsync(Backends.Embedding(input), null, default);
        using var output = JsonDocument.Parse(result.Output);
        var tokens = output.RootElement.GetProperty("usage").GetProperty("input_tokens").GetInt32();
        Assert.Equal(tokens, result.Usage!.InputTokens);
        return (
            [.. output.RootElement.GetProperty("embeddings").EnumerateArray().Select(static vector => vector.EnumerateArray().Select(static value => double.Parse(value.GetString()!, CultureInfo.InvariantCulture)).ToList())],
            tokens);
    }
}
