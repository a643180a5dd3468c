using System.Buffers.Binary;
using System.Text;

namespace SwarmPool.Plugins.Llama.Tests;

/// <summary>
/// Writes a small language model of the llama architecture in GGUF, its weights drawn by a seed: 352 tokens, of which 3 are control tokens, 93
/// printable characters and 256 bytes; two layers and a context of 256 where nothing else is said. The same arguments give the same bytes.
/// </summary>
internal sealed class GgufWriter : IDisposable
{
    public const int Vocabulary = Characters + 256;
    public const int Context = 256;
    public const int Begin = 1;
    public const int End = 2;

    private const int Characters = 96;
    private const int Heads = 4;
    private const ulong Alignment = 32;

    private readonly MemoryStream entries = new();
    private readonly MemoryStream tensors = new();
    private readonly MemoryStream data = new();
    private ulong entryCount;
    private ulong tensorCount;

    /// <summary>The model's chat template; null for none.</summary>
    public string? Template { get; init; }

    /// <summary>How many numbers stand for a token; a multiple of 64.</summary>
    public int Embedding { get; init; } = 64;

    /// <summary>How many numbers the layers between have.</summary>
    public int FeedForward { get; init; } = 128;

    /// <summary>How many layers there are.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>The most tokens of a sequence.</summary>
    public int ContextLength { get; init; } = Context;

    /// <summary>What becomes of the weights of a tensor before they are written.</summary>
    public Action<string, float[]> Change { get; init; } = static (_, _) => { };

    /// <summary>Whether bytes that have no token of their own have one; without, the vocabulary is as large, and its last tokens can't be written.</summary>
    public bool HasBytes { get; init; } = true;

    /// <summary>Where the tensor named says that its numbers lie, in place of where they do.</summary>
    public (string Name, ulong Offset)? Lie { get; init; }

    public byte[] Write(int seed = 7)
    {
        var random = new Random(seed);
        WriteEntries();
        WriteTensor(random, "token_embd.weight", Embedding, Vocabulary);
        WriteTensor(random, "output_norm.weight", Embedding);
        WriteTensor(random, "output.weight", Embedding, Vocabulary);
        for (var layer = 0; layer < Layers; layer++)
        {
            WriteTensor(random, $"blk.{layer}.attn_norm.weight", Embedding);
            WriteTensor(random, $"blk.{layer}.ffn_norm.weight", Embedding);
            foreach (var part in new[] { "q", "k", "v", "output" })
            {
                WriteTensor(random, $"blk.{layer}.attn_{part}.weight", Embedding, Embedding);
            }

            WriteTensor(random, $"blk.{layer}.ffn_gate.weight", Embedding, FeedForward);
            WriteTensor(random, $"blk.{layer}.ffn_up.weight", Embedding, FeedForward);
            WriteTensor(random, $"blk.{layer}.ffn_down.weight", FeedForward, Embedding);
        }

        var file = new MemoryStream();
        file.Write("GGUF"u8);
        U32(file, 3);
        U64(file, tensorCount);
        U64(file, entryCount);
        entries.WriteTo(file);
        tensors.WriteTo(file);
        Pad(file);
        data.WriteTo(file);
        return file.ToArray();
    }

    public void Dispose()
    {
        entries.Dispose();
        tensors.Dispose();
        data.Dispose();
    }

    /// <summary>The character of a token; control tokens have their name.</summary>
    public static string Piece(int token) => token switch { 0 => "<unk>", Begin => "<s>", End => "</s>", 3 => "\u2581", < Characters => ((char)(' ' + token - 3)).ToString(), _ => $"<0x{token - Characters:X2}>" };

    private void WriteEntries()
    {
        Entry("general.architecture", "llama");
        Entry("general.name", "tiny");
        foreach (var (key, value) in new (string, uint)[]
        {
            ("context_length", (uint)ContextLength), ("embedding_length", (uint)Embedding), ("block_count", (uint)Layers), ("feed_forward_length", (uint)FeedForward),
            ("attention.head_count", Heads), ("attention.head_count_kv", Heads), ("rope.dimension_count", (uint)(Embedding / Heads)), ("vocab_size", Vocabulary),
        })
        {
            Entry($"llama.{key}", value);
        }

        Entry("llama.attention.layer_norm_rms_epsilon", 6, static to => F32(to, 1e-5f));
        Entry("tokenizer.ggml.model", "llama");
        Array("tokenizer.ggml.tokens", 8, (to, token) => Text(to, HasBytes || token < Characters ? Piece(token) : $"<none {token}>"));
        Array("tokenizer.ggml.scores", 6, static (to, _) => F32(to, 0));
        Array("tokenizer.ggml.token_type", 5, (to, token) => U32(to, token switch { 0 => 2, Begin or End => 3, < Characters => 1, _ => HasBytes ? 6u : 5u }));
        Entry("tokenizer.ggml.bos_token_id", (uint)Begin);
        Entry("tokenizer.ggml.eos_token_id", (uint)End);
        Entry("tokenizer.ggml.unknown_token_id", 0u);
        if (Template is not null)
        {
            Entry("tokenizer.chat_template", Template);
        }
    }

    private void WriteTensor(Random random, string name, params int[] sizes)
    {
        var values = new float[sizes.Aggregate(1, static (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            // The sum of three uniform numbers is bell-shaped enough, and the same everywhere.
            values[i] = sizes.Length == 1 ? 1 : (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * 0.6f;
        }

        Change(name, values);
        Text(tensors, name);
        U32(tensors, (uint)sizes.Length);
        foreach (var size in sizes)
        {
            U64(tensors, (ulong)size);
        }

        U32(tensors, 0);
        U64(tensors, Lie is { } lie && lie.Name == name ? lie.Offset : (ulong)data.Length);
        tensorCount++;
        foreach (var value in values)
        {
            F32(data, value);
        }

        Pad(data);
    }

    private void Entry(string key, string value) => Entry(key, 8, to => Text(to, value));

    private void Entry(string key, uint value) => Entry(key, 4, to => U32(to, value));

    private void Array(string key, uint type, Action<Stream, int> write) => Entry(key, 9, to =>
    {
        U32(to, type);
        U64(to, Vocabulary);
        for (var token = 0; token < Vocabulary; token++)
        {
            write(to, token);
        }
    });

    private void Entry(string key, uint type, Action<Stream> write)
    {
        Text(entries, key);
        U32(entries, type);
        write(entries);
        entryCount++;
    }

    private static void Pad(Stream to)
    {
        while ((ulong)to.Length % Alignment != 0)
        {
            to.WriteByte(0);
        }
    }

    private static void Text(Stream to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        U64(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void F32(Stream to, float value) => U32(to, BitConverter.SingleToUInt32Bits(value));

    private static void U32(Stream to, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        to.Write(bytes);
    }

    private static void U64(Stream to, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        to.Write(bytes);
    }
}
