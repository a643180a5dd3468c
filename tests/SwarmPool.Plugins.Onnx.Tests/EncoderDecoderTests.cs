using SwarmPool.Protocol.Sampling;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>"encoder-decoder": an answer token by token, with what the decoder remembers.</summary>
public sealed class EncoderDecoderTests
{
    [Theory]
    [InlineData(true, "cat dog ant")]
    [InlineData(false, "cat dog ant")]
    [InlineData(true, "ibis hen gnu fox elk dog cat bee ant ant bee")]
    [InlineData(false, "ibis hen gnu fox elk dog cat bee ant ant bee")]
    public async Task An_answer_is_what_the_rule_says_with_a_cache_and_without(bool hasCache, string text)
    {
        await using var made = TinyTranslator.Make(hasCache);
        var wanted = TinyTranslator.Answer(text);
        Assert.Equal(text.Split(' ').Length, wanted.Split(' ').Length);
        Assert.Equal(wanted, await made.AnswerAsync(text));
        Assert.Equal(wanted, await made.AnswerAsync(text)); // The cache of one answer is not another's.
    }

    [Fact]
    public async Task Answers_side_by_side_keep_apart()
    {
        await using var made = TinyTranslator.Make(hasCache: true);
        var texts = Enumerable.Range(3, 9).Select(static i => string.Join(' ', Enumerable.Range(0, i).Select(j => TinyTranslator.Words[3 + ((i * j) % 9)][1..]))).ToList();
        var answers = await Task.WhenAll(texts.Select(made.AnswerAsync));
        Assert.Equal(texts.Select(static text => TinyTranslator.Answer(text)), answers);
    }

    [Fact]
    public async Task An_answer_has_a_greatest_length_and_a_form()
    {
        await using var made = TinyTranslator.Make(hasCache: true, maxTokens: 2, form: ""","form":"json" """);
        Assert.Equal($$"""{"text":"{{TinyTranslator.Answer("cat dog ant", 2)}}","tokens":2}""", await made.AnswerAsync("cat dog ant"));
    }

    /// <summary>All others being equally likely then, the lowest that is left is chosen.</summary>
    [Fact]
    public async Task What_is_suppressed_is_not_chosen()
    {
        await using var made = TinyTranslator.Make(hasCache: true, maxTokens: 1, more: $""","suppress":[0,1,2,3],"suppress_first":[{string.Join(',', Enumerable.Range(5, 7))}]""");
        Assert.Equal("bee", await made.AnswerAsync("cat"));
    }

    [Fact]
    public async Task Words_that_are_none_and_logits_that_are_none_are_named()
    {
        await using var made = TinyTranslator.Make(hasCache: true);
        Assert.Contains("The word 'zebra' is none of words.txt", await made.RefusalAsync("cat zebra"), StringComparison.Ordinal);
        await using var broken = TinyTranslator.Make(hasCache: true, decoder: TinyTranslator.Decoder(hasCache: true, likely: float.NaN));
        Assert.Contains("at place 0 of the answer is NaN", await broken.RefusalAsync("cat"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_is_told_all_that_it_lacks_at_once()
    {
        var manifest = TinyTranslator.Manifest(hasCache: false).Replace("\"start\":[1,1],\"end\":[2]", "\"start\":[1.5]", StringComparison.Ordinal).Replace(":\"memory\"}", ":\"nothing\"}", StringComparison.Ordinal);
        await using var made = new MadeModel(TinyTranslator.Encoder(), manifest, [TinyTranslator.Vocabulary]);
        var refusal = await made.StartRefusalAsync();
        Assert.Contains("$.runner.decoder: decoder.onnx is not among $.files", refusal, StringComparison.Ordinal);
        Assert.Contains("$.runner.start: write whole numbers", refusal, StringComparison.Ordinal);
        Assert.Contains("$.runner.end: write the ids of the tokens that end an answer", refusal, StringComparison.Ordinal);
        Assert.Contains("$.runner.given.encoder_memory: write what of the encoder's it is given: memory, ids", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decoder_that_is_another_is_told_at_load()
    {
        await using var made = TinyTranslator.Make(hasCache: false, decoder: TinyTranslator.Decoder(hasCache: true));
        var refusal = await made.LoadRefusalAsync();
        foreach (var name in new[] { "past", "cross", "has_past", "offset" })
        {
            Assert.Contains($"the decoder's input \"{name}\" is fed by nothing", refusal, StringComparison.Ordinal);
        }

        Assert.Contains("(SP5113)", refusal, StringComparison.Ordinal);
        await using var other = TinyTranslator.Make(hasCache: true, decoder: TinyTranslator.Decoder(hasCache: false));
        Assert.Contains("the decoder has no input \"past\" (given or cache)", await other.LoadRefusalAsync(), StringComparison.Ordinal);
    }

    /// <summary>No file but those that are listed is ever read, whatever the decoder names.</summary>
    [Fact]
    public async Task A_decoder_has_its_weights_in_it()
    {
        await using var made = TinyTranslator.Make(hasCache: false, decoder: ExternalModels.Model(ExternalModels.W("w.bin")));
        Assert.Contains("decoder.onnx: keeps tensor \"W\" in w.bin; save a decoder with its weights in it", await made.StartRefusalAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_likeliest_token_is_the_samplers_at_temperature_0(int seed)
    {
        var random = new Random(seed);
        float[] logits = [.. Enumerable.Range(0, 50).Select(_ => (float)random.Next(-2, 3))]; // Many are equal.
        var decoder = new OnnxGraph().Input("input_ids", "int64", 1, "k").Input("encoder_memory", "int64", 1, "m").Weights("w", "float32", [1, 1, 50], OnnxGraph.Floats(logits))
            .Output("logits", "float32", 1, 1, 50).Node("Identity", ["w"], ["logits"]).ToArray();
        var numbers = string.Join('\n', Enumerable.Range(0, 50));
        await using var made = new MadeModel(
            TinyTranslator.Encoder(),
            TinyTranslator.Manifest(hasCache: false, maxTokens: 1).Replace("\"end\":[2]", "\"end\":[60]", StringComparison.Ordinal),
            [("decoder.onnx", decoder), ("words.txt", System.Text.Encoding.UTF8.GetBytes(numbers))]);
        var chosen = new TokenSampler(Cid.OfBlock("job"u8), new SamplerSettings { Temperature = 0 }, []).Choose(logits);
        Assert.Equal($"{chosen}", await made.AnswerAsync("7"));
    }
}
