using System.Text;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>"text": ids of tokens, which of them count, and what is around them, for each kind of tokenizer.</summary>
public sealed class TextInputTests
{
    private static readonly byte[] Words = Encoding.UTF8.GetBytes(string.Join('\n', "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello", "world", "cafe", "un", "##able", "!", "[", "]", "sep"));

    [Theory]
    [InlineData("Hello WORLD!", "2,5,6,10,3")]
    [InlineData("unable café", "2,8,9,7,3")]
    [InlineData("xyz", "2,1,3")]
    [InlineData("[SEP]", "2,11,13,12,3")]
    [InlineData("", "2,3")]
    public async Task WordPiecesAreFound(string text, string ids)
    {
        await using var made = Made("""{"kind":"wordpiece","vocab":"vocab.txt"}""", ("vocab.txt", Words));
        Assert.Equal(Answer(ids), await made.AnswerAsync(text));
    }

    [Fact]
    public async Task PlacesThatAreLeftAreFilledAndDoNotCount()
    {
        await using var made = Made("""{"kind":"wordpiece","vocab":"vocab.txt"}""", "6", ("vocab.txt", Words));
        Assert.Contains("\"ids\":{\"data\":[\"2\",\"5\",\"6\",\"3\",\"0\",\"0\"],\"shape\":[1,6]}", await made.AnswerAsync("hello world"), StringComparison.Ordinal);
        Assert.Contains("\"mask\":{\"data\":[\"1\",\"1\",\"1\",\"1\",\"0\",\"0\"]", await made.AnswerAsync("hello world"), StringComparison.Ordinal);
        Assert.Contains("has 7 tokens; the model takes at most 6", await made.RefusalAsync("hello world hello world hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BytePairsAreMerged()
    {
        // As GPT-2 writes a space before a word.
        var vocabulary = """{"h":0,"e":1,"l":2,"o":3,"Ġ":4,"he":5,"ll":6,"hell":7,"hello":8,"Ġhello":9,"<s>":10,"</s>":11,"Ã":12,"©":13}""";
        var merges = "#version: 0.2\nh e\nl l\nhe ll\nhell o\nĠ hello\n";
        await using var made = Made(
            """{"kind":"bpe","vocab":"vocab.json","merges":"merges.txt","begin_id":10,"end_id":11,"pad_id":1}""",
            ("vocab.json", Encoding.UTF8.GetBytes(vocabulary)),
            ("merges.txt", Encoding.UTF8.GetBytes(merges)));
        Assert.Equal(Answer("10,8,9,11"), await made.AnswerAsync("hello hello"));
        Assert.Equal(Answer("10,5,2,3,11"), await made.AnswerAsync("helo"));
        Assert.Equal(Answer("10,12,13,11"), await made.AnswerAsync("é"));
    }

    [Fact]
    public async Task SentencePiecesAreFound()
    {
        await using var made = Made("""{"kind":"sentencepiece","model":"sp.model","begin_id":1,"end_id":2,"offset":100}""", ("sp.model", Unigram()));
        Assert.Equal(Answer("1,104,105,2"), await made.AnswerAsync("hello world"));
    }

    [Fact]
    public async Task WhatIsNoTextOrTooLongIsRefused()
    {
        await using var made = Made("""{"kind":"wordpiece","vocab":"vocab.txt"}""", ("vocab.txt", Words));
        Assert.Contains("not UTF-8", await made.RefusalAsync([0xFF, 0xFE, 0x41]), StringComparison.Ordinal);
        Assert.Contains("NUL", await made.RefusalAsync([0x41, 0]), StringComparison.Ordinal);
        Assert.Contains("The text has 100001 characters; at most 100000 are taken", await made.RefusalAsync(new string('a', 100_001)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesOfStepsAreTheModelsAndAreHashed()
    {
        var hashes = new List<string>();
        foreach (var vocabulary in (byte[][])[Words, [.. Words, .. "\nmore"u8]])
        {
            await using var made = Made("""{"kind":"wordpiece","vocab":"vocab.txt"}""", ("vocab.txt", vocabulary));
            hashes.Add(Assert.Single((await made.Backend.DescribeAsync(default)).Models).Sha256);
            Assert.Equal(hashes[^1], (await made.RunAsync("hello"u8.ToArray())).Class.ModelSha256);
        }

        Assert.NotEqual(hashes[0], hashes[1]);
        await using var changed = Made("""{"kind":"wordpiece","vocab":"vocab.txt"}""", ("vocab.txt", Words));
        await changed.Backend.DescribeAsync(default);
        File.AppendAllText(Path.Combine(changed.Folder, "vocab.txt"), "\nmore");
        Assert.Contains("has changed since it was checked", await changed.LoadRefusalAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesThatAreNotListedUsedOrRightAreToldAtStart()
    {
        await using var unlisted = Made("""{"kind":"wordpiece","vocab":"other.txt"}""", ("vocab.txt", Words));
        var refusal = await unlisted.StartRefusalAsync();
        Assert.Contains("$.preprocess.tokenizer.vocab: other.txt is not among $.files", refusal, StringComparison.Ordinal);
        Assert.Contains("$.files: no step reads vocab.txt", refusal, StringComparison.Ordinal);

        await using var wrong = Made("""{"kind":"wordpiece","vocab":"vocab.txt"}""", ("vocab.txt", Words));
        File.AppendAllText(Path.Combine(wrong.Folder, "vocab.txt"), "x");
        Assert.Contains("vocab.txt: its SHA-256 is", await wrong.StartRefusalAsync(), StringComparison.Ordinal);

        await using var broken = Made("""{"kind":"sentencepiece","model":"sp.model"}""", ("sp.model", [0xFF, 0xFF, 0xFF]));
        Assert.Contains("sp.model can't be used as a tokenizer's file", await broken.LoadRefusalAsync(), StringComparison.Ordinal);
    }

    private static string Answer(string ids)
    {
        var list = string.Join(',', ids.Split(',').Select(static id => $"\"{id}\""));
        var count = ids.Split(',').Length;
        var ones = string.Join(',', Enumerable.Repeat("\"1\"", count));
        return """{"outputs":{"ids":{"data":[LIST],"shape":[1,COUNT]},"mask":{"data":[ONES],"shape":[1,COUNT]}}}"""
            .Replace("LIST", list, StringComparison.Ordinal).Replace("ONES", ones, StringComparison.Ordinal).Replace("COUNT", FormattableString.Invariant($"{count}"), StringComparison.Ordinal);
    }

    private static MadeModel Made(string tokenizer, params (string Name, byte[] Content)[] files) => Made(tokenizer, "\"n\"", files);

    /// <summary>Gives the ids and the mask back.</summary>
    private static MadeModel Made(string tokenizer, string places, params (string Name, byte[] Content)[] files)
    {
        object dimension = places == "\"n\"" ? "n" : 6;
        var model = new OnnxGraph().Input("i", "int64", 1, dimension).Input("m", "int32", 1, dimension).Output("ids", "int64", 1, dimension).Output("mask", "int32", 1, dimension)
            .Node("Identity", ["i"], ["ids"]).Node("Identity", ["m"], ["mask"]);
        var manifest = """
            {"inputs":[{"name":"i","type":"int64","shape":[1,N]},{"name":"m","type":"int32","shape":[1,N]}],
             "outputs":[{"name":"ids","type":"int64","shape":[1,N]},{"name":"mask","type":"int32","shape":[1,N]}],
             "preprocess":{"kind":"text","ids":"i","mask":"m","tokenizer":TOKENIZER}}
            """;
        return new MadeModel(model.ToArray(), manifest.Replace("N]", places + "]", StringComparison.Ordinal).Replace("TOKENIZER", tokenizer, StringComparison.Ordinal), files);
    }

    /// <summary>A SentencePiece model of six pieces.</summary>
    /// <remarks>Field numbers are sentencepiece_model.proto's: ModelProto pieces 1 (piece 1, score 2, type 3), trainer_spec 2 (model_type 3), normalizer_spec 3.</remarks>
    private static byte[] Unigram() => new Proto()
        .Message(1, Piece("<unk>", 0, 2)).Message(1, Piece("<s>", 0, 3)).Message(1, Piece("</s>", 0, 3))
        .Message(1, Piece("▁", -5, 1)).Message(1, Piece("▁hello", -1, 1)).Message(1, Piece("▁world", -2, 1))
        .Message(2, new Proto().Int(3, 1).Int(40, 0).Int(41, 1).Int(42, 2))
        .Message(3, new Proto().Text(1, "identity").Int(3, 1).Int(4, 1).Int(5, 1))
        .ToArray();

    private static Proto Piece(string text, float score, int type) => new Proto().Text(1, text).Fixed(2, score).Int(3, type);
}
