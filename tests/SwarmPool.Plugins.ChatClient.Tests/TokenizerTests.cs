using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using SwarmPool.Plugins.ChatClient.Models;
using SwarmPool.Plugins.ChatClient.Tokens;

namespace SwarmPool.Plugins.ChatClient.Tests;

/// <summary>Each kind of tokenizer counts as its files say, and ends a text where its tokens end.</summary>
public sealed class TokenizerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-tokens-").FullName;

    [Fact]
    public void Tiktoken_merges_by_rank()
    {
        var bytes = Enumerable.Range(0, 256).Select(static value => new[] { (byte)value });
        var merged = new[] { "he", "ll", "hell", "hello" }.Select(Encoding.ASCII.GetBytes);
        var counter = Counter("tiktoken", string.Concat(bytes.Concat(merged).Select(static (token, rank) => $"{Convert.ToBase64String(token)} {rank}\n")));

        Assert.Equal(1, counter.Count("hello"));
        Assert.Equal(3, counter.Count("hello ä") - counter.Count("hello")); // A blank, and two bytes.
        Assert.Equal(0, counter.Count(""));
        Assert.Equal(5, counter.Fit("hello world", 1));
        Assert.Equal(6, counter.Fit("hello 🐝", 4)); // Two of the bee's bytes would fit.
    }

    [Fact]
    public void Bpe_merges_as_GPT2_does()
    {
        // Bytes are written as GPT-2 does it: printable ones as they are, the others behind U+0100, in order.
        var others = 0;
        var bytes = Enumerable.Range(0, 256).Select(value => value is > 32 and < 127 or > 160 and not 173 ? (char)value : (char)(256 + others++));
        string[] merged = ["he", "ll", "hell", "hello", "\u0120hello", "<|endoftext|>"];
        var vocabulary = new JsonObject();
        foreach (var (token, id) in bytes.Select(static one => one.ToString()).Concat(merged).Select(static (token, id) => (token, id)))
        {
            vocabulary[token] = id;
        }

        var counter = Counter("bpe", vocabulary.ToJsonString(), "#version: 0.2\nh e\nl l\nhe ll\nhell o\n\u0120 hello\n");

        Assert.Equal(1, counter.Count("hello"));
        Assert.Equal(2, counter.Count("hello hello"));
        Assert.Equal(4, counter.Count("oheä"));
        Assert.Equal(11, counter.Fit("hello hello", 2));
        Assert.Equal(5, counter.Fit("hello hello", 1));
    }

    [Fact]
    public void What_a_tokenizers_files_lack_is_named()
    {
        using var vocabulary = new MemoryStream("""{"<|endoftext|>":0,"a":1}"""u8.ToArray());
        using var merges = new MemoryStream("#version: 0.2\n"u8.ToArray());
        var counter = new TokenCounter(Microsoft.ML.Tokenizers.CodeGenTokenizer.Create(vocabulary, merges, addPrefixSpace: false, addBeginOfSentence: false, addEndOfSentence: false));

        Assert.Equal(2, counter.Count("aa"));
        Assert.Contains("can't count a text", Assert.Throws<Inference.InferenceException>(() => counter.Count("b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wordpiece_counts_words_and_pieces_and_no_frame()
    {
        var counter = Counter("wordpiece", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\nwor\n##ld\n!\n");

        Assert.Equal(4, counter.Count("Hello world!"));
        Assert.Equal(1, counter.Count("unheard"));
    }

    [Fact]
    public void Sentencepiece_merges_by_score_and_adds_no_frame()
    {
        string[] pieces = ["<unk>", "<s>", "</s>", "\u2581", "h", "e", "l", "o", "he", "ll", "hell", "hello", "\u2581hello"];
        var counter = Counter("sentencepiece", SentencePieces(pieces));

        Assert.Equal(1, counter.Count("hello"));
        Assert.Equal(2, counter.Count("hello hello"));
        Assert.Equal(6, counter.Fit("hello hello", 1)); // A blank at the end is none to it.
    }

    /// <summary>A stranger's text is counted before it is refused for its length, so what counts must not take long.</summary>
    [Fact]
    public async Task A_megabyte_without_a_blank_is_counted_soon()
    {
        var counter = Counter("tiktoken", string.Concat(Enumerable.Range(0, 256).Select(static value => $"{Convert.ToBase64String([(byte)value])} {value}\n")));

        Assert.Equal(1_000_000, await Task.Run(() => counter.Count(new string('a', 1_000_000))).WaitAsync(TimeSpan.FromSeconds(60)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private TokenCounter Counter(string kind, string vocabulary, string? merges = null) => Counter(kind, Encoding.UTF8.GetBytes(vocabulary), merges);

    private TokenCounter Counter(string kind, byte[] vocabulary, string? merges = null)
    {
        var manifest = new JsonObject { ["kind"] = kind, ["vocab"] = Add("vocab", vocabulary) };
        if (merges is not null)
        {
            manifest["merges"] = Add("merges", Encoding.UTF8.GetBytes(merges));
        }

        var problems = new List<string>();
        using var document = JsonDocument.Parse(manifest.ToJsonString());
        var counter = TokenizerReader.Read(new ManifestObject(document.RootElement, "$", problems), folder);
        Assert.Equal("", string.Join(";", problems));
        return counter!;
    }

    private JsonObject Add(string name, byte[] content)
    {
        File.WriteAllBytes(Path.Combine(folder, name), content);
        return new JsonObject { ["file"] = name, ["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)) };
    }

    /// <summary>A model of SentencePiece's BPE kind: pieces with falling scores, of which the first three are unknown, begin and end.</summary>
    private static byte[] SentencePieces(string[] pieces)
    {
        using var file = new MemoryStream();
        using (var model = new CodedOutputStream(file, leaveOpen: true))
        {
            for (var i = 0; i < pieces.Length; i++)
            {
                Message(model, 1, piece =>
                {
                    piece.WriteTag(1, WireFormat.WireType.LengthDelimited);
                    piece.WriteString(pieces[i]);
                    piece.WriteTag(2, WireFormat.WireType.Fixed32);
                    piece.WriteFloat(i < 8 ? 0 : i);
                    piece.WriteTag(3, WireFormat.WireType.Varint);
                    piece.WriteEnum(i switch { 0 => 2, 1 or 2 => 3, _ => 1 });
                });
            }

            Message(model, 2, trainer =>
            {
                trainer.WriteTag(3, WireFormat.WireType.Varint);
                trainer.WriteEnum(2); // BPE.
            });
            Message(model, 3, normalizer =>
            {
                normalizer.WriteTag(3, WireFormat.WireType.Varint);
                normalizer.WriteBool(true);
                normalizer.WriteTag(5, WireFormat.WireType.Varint);
                normalizer.WriteBool(true);
            });
        }

        return file.ToArray();
    }

    private static void Message(CodedOutputStream target, int field, Action<CodedOutputStream> write)
    {
        using var inner = new MemoryStream();
        using (var stream = new CodedOutputStream(inner, leaveOpen: true))
        {
            write(stream);
        }

        target.WriteTag(field, WireFormat.WireType.LengthDelimited);
        target.WriteBytes(ByteString.CopyFrom(inner.ToArray()));
    }
}
