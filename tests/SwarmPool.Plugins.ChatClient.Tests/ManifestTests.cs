using System.Text.Json.Nodes;
using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Tests.Support;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>Whatever is wrong with the model folders is told when the miner starts, all at once, and without a secret.</summary>
public sealed class ManifestTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/v1");

    private static async Task<string> RefusalAsync(TestModels models) =>
        (await Assert.ThrowsAsync<InferenceException>(async () => await models.Backend.DescribeAsync(default))).Message;

    [Theory]
    [InlineData("name", "\"a b\"", "$.name: write only")]
    [InlineData("task", "\"speech\"", "$.task: write one of chat, embeddings")]
    [InlineData("job_types", "[]", "$.job_types: write a list")]
    [InlineData("job_types", "[\"Chat\"]", "$.job_types: write 1 to 64")]
    [InlineData("job_types", "[\"text-generation\"]", "$.job_types: text-generation is for models whose tokens the miner chooses")]
    [InlineData("endpoint", "7", "$.endpoint: write an object")]
    [InlineData("endpoint", "{\"kind\":\"grpc\"}", "$.endpoint.kind: write one of openai, ollama, code")]
    [InlineData("endpoint", "{\"kind\":\"openai\",\"model\":\"m\"}", "$.endpoint.url: is missing")]
    [InlineData("endpoint", "{\"kind\":\"openai\",\"model\":\"m\",\"url\":\"ftp://a\"}", "$.endpoint.url: write an address")]
    [InlineData("endpoint", "{\"kind\":\"openai\",\"model\":\"m\",\"url\":\"http://u:hunter22@a/\"}", "$.endpoint.url: has a user or password")]
    [InlineData("endpoint", "{\"kind\":\"openai\",\"model\":\"m\",\"url\":\"http://a/?key=hunter22\"}", "$.endpoint.url: write an address")]
    [InlineData("endpoint", "{\"kind\":\"openai\",\"url\":\"http://a/\"}", "$.endpoint.model: is missing")]
    [InlineData("endpoint", "{\"kind\":\"openai\",\"model\":\"m\",\"url\":\"http://a/\",\"api_key\":\"hunter22\"}", "$.endpoint.api_key: there is no such key")]
    [InlineData("endpoint", "{\"kind\":\"openai\",\"model\":\"m\",\"url\":\"http://a/\",\"api_key_file\":\"no-such-file\"}", "$.endpoint.api_key_file: The file")]
    [InlineData("endpoint", "{\"kind\":\"code\"}", "$.endpoint.key: is missing")]
    [InlineData("endpoint", "{\"kind\":\"code\",\"key\":\"a\",\"url\":\"http://a\"}", "$.endpoint.url: there is no such key")]
    [InlineData("limits", "{\"max_output_tokens\":0}", "$.limits.max_output_tokens: write a whole number from 1 to 1048576")]
    [InlineData("limits", "{\"max_inputs\":3}", "$.limits.max_inputs: there is no such key")]
    [InlineData("limits", "{\"request_seconds\":\"9\"}", "$.limits.request_seconds: write a whole number")]
    [InlineData("tokenizer", "{\"kind\":\"tiktoken\"}", "$.tokenizer.vocab: is missing")]
    [InlineData("tokenizer", "{\"kind\":\"bpe\",\"vocab\":{\"file\":\"a\",\"sha256\":\"b\"}}", "$.tokenizer.merges: is missing")]
    [InlineData("tokenizer", "{\"kind\":\"tiktoken\",\"vocab\":{\"file\":\"../a\",\"sha256\":\"b\"}}", "$.tokenizer.vocab.file: write the bare name")]
    [InlineData("tokenizer", "{\"kind\":\"tiktoken\",\"vocab\":{\"file\":\"a\",\"sha256\":\"b\"}}", "$.tokenizer.vocab.file: ")]
    [InlineData("temperature", "1", "$.temperature: there is no such key")]
    public async Task A_bad_value_is_told_with_its_place(string key, string value, string told)
    {
        await using var models = new TestModels(Nowhere);
        models.Manifest[key] = JsonNode.Parse(value);
        var said = await RefusalAsync(models);

        Assert.Contains($"- tiny/model.json: {told}", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_problems_of_all_folders_are_told_at_once()
    {
        await using var models = new TestModels(Nowhere);
        models.Manifest["name"] = "ä";
        models.Manifest.Remove("job_types");
        models.Limits["idle_seconds"] = 0;
        Directory.CreateDirectory(Path.Combine(models.Folder, "empty"));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(models.Folder, "broken")).FullName, "model.json"), "{\"name\":");
        var said = await RefusalAsync(models);

        Assert.All(
            ["broken/model.json: $: is not JSON", "empty/model.json: is missing", "tiny/model.json: $.name: write 1 to 128", "tiny/model.json: $.job_types: is missing", "tiny/model.json: $.limits.idle_seconds: write"],
            part => Assert.Contains(part, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_no_tokenizer_is_told()
    {
        await using var models = new TestModels(Nowhere);
        models.Manifest["tokenizer"] = new JsonObject { ["kind"] = "tiktoken", ["vocab"] = models.Add("a", "no tokenizer") };

        Assert.Contains("$.tokenizer.vocab: is no tiktoken tokenizer that can be read", await RefusalAsync(models), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_hash_is_told_with_its_own()
    {
        await using var models = new TestModels(Nowhere);
        var vocabulary = models.Add("a", "IQ== 0\n");
        var right = vocabulary["sha256"]!.GetValue<string>();
        vocabulary["sha256"] = new string('0', 64);
        models.Manifest["tokenizer"] = new JsonObject { ["kind"] = "tiktoken", ["vocab"] = vocabulary };

        Assert.Contains($"$.tokenizer.vocab.sha256: a has {right}", await RefusalAsync(models), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "has no line with text")]
    [InlineData("two words", "is no key")]
    [InlineData("schlüssel", "is no key")]
    public async Task A_key_that_is_none_is_told_without_it(string key, string why)
    {
        await using var models = new TestModels(Nowhere).WithKey(key);
        var said = await RefusalAsync(models);

        Assert.Contains(why, said, StringComparison.Ordinal);
        Assert.True(key.Length == 0 || !said.Contains(key, StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task Two_models_of_one_name_are_told()
    {
        await using var models = new TestModels(Nowhere);
        models.Write();
        File.Copy(Path.Combine(models.Folder, "tiny", "model.json"), Path.Combine(Directory.CreateDirectory(Path.Combine(models.Folder, "twin")).FullName, "model.json"));

        Assert.Contains("twin/model.json: $.name: another folder has \"tiny\" too", await RefusalAsync(models), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told()
    {
        var builder = new TestBuilder(Path.GetTempPath());
        builder.UseChatClient(static options => options.Models = "no-such-folder-here");
        await using var backend = builder.Build();

        Assert.Contains("does not exist", (await Assert.ThrowsAsync<InferenceException>(async () => await backend.DescribeAsync(default))).Message, StringComparison.Ordinal);
    }
}
