using System.Globalization;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using LLama;
using LLama.Common;
using LLama.Native;
using SwarmPool.Plugins.Llama;
using SwarmPool.Plugins.Llama.Tests;

namespace SwarmPool.InferenceLoad;

/// <summary>
/// An answer of so many tokens, the likeliest each, by a model of random weights: 20 million of them, 80 MB that are read for each token. Bare, it
/// is a loop of Decode and the largest of the logits, with the context's settings that the plugin has.
/// </summary>
internal sealed class TextBench : IBench
{
    private const string Prompt = "2+2=";
    private const int Block = 128;
    private const int Threads = 1;

    private readonly TinyModels models;
    private readonly OwnPool pool;
    private readonly LLamaWeights weights;
    private readonly LLamaContext context;
    private readonly LLamaToken[] prompt;
    private readonly int tokens;
    private readonly byte[] input;
    private List<int> bare = [];

    private TextBench(TinyModels models, OwnPool pool, int tokens)
    {
        (this.models, this.pool, this.tokens) = (models, pool, tokens);
        input = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"prompt":"{{Prompt}}","max_tokens":{{tokens}}}"""));
        var file = Path.Combine(models.Folder, TinyModels.Name, "tiny.gguf");
        var parameters = new ModelParams(file) { ContextSize = Length(tokens), BatchSize = Block, UBatchSize = Block, SeqMax = 1, Threads = Threads, BatchThreads = Threads };
        weights = LLamaWeights.LoadFromFile(parameters);
        context = weights.CreateContext(parameters);
        prompt = weights.Tokenize(Prompt, weights.Vocab.ShouldAddBOS, special: false, Encoding.UTF8);
    }

    public string Unit => "tokens";

    public string About => string.Create(CultureInfo.InvariantCulture, $"{weights.ParameterCount / 1e6:0.0} million weights ({weights.SizeInBytes >> 20} MiB), {Threads} thread, {tokens} tokens an answer");

    public static async Task<TextBench> OpenAsync(int tokens, int window)
    {
        using var writer = new GgufWriter { Embedding = 512, FeedForward = 1536, Layers = 6, ContextLength = (int)Length(tokens), Change = LeaveOutTheEnd };
        var made = new TinyModels().Add(bytes: writer.Write(), change: manifest => manifest["context"] = Length(tokens));

        // The first that loads llama.cpp decides about its build, for bare runs too.
        var started = await OwnPool.StartAsync(window, builder => builder.UseLlama(llama => (llama.Models, llama.Threads, llama.BlockTokens, llama.MaxSequences) = (made.Folder, Threads, Block, window)));
        await started.RunAsync("text-generation", TinyModels.Name, """{"prompt":"1","max_tokens":1}"""u8.ToArray());
        return new TextBench(made, started, tokens);
    }

    public int RunBare()
    {
        context.NativeHandle.MemoryClear();
        var batch = new LLamaBatch();
        for (var i = 0; i < prompt.Length; i++)
        {
            batch.Add(prompt[i], i, LLamaSeqId.Zero, i == prompt.Length - 1);
        }

        var answer = new List<int>();
        for (var at = prompt.Length; ; at++)
        {
            if (context.Decode(batch) != DecodeResult.Ok)
            {
                throw new InvalidOperationException("Bare LLamaSharp could not decode.");
            }

            var next = TensorPrimitives.IndexOfMax(context.NativeHandle.GetLogitsIth(batch.TokenCount - 1));
            answer.Add(next);
            if (answer.Count == tokens)
            {
                bare = answer;
                return tokens;
            }

            batch.Clear();
            batch.Add(next, at, LLamaSeqId.Zero, true);
        }
    }

    public async Task<int> RunJobAsync()
    {
        using var output = JsonDocument.Parse(await pool.RunAsync("text-generation", TinyModels.Name, input));
        var answer = output.RootElement.GetProperty("ids").EnumerateArray().Select(static id => id.GetInt32()).ToList();
        return bare.Count == 0 || answer.SequenceEqual(bare) ? answer.Count : throw new InvalidOperationException("The pool's answer is another than that of bare LLamaSharp.");
    }

    public async ValueTask DisposeAsync()
    {
        context.Dispose();
        weights.Dispose();
        await pool.DisposeAsync();
        models.Dispose();
    }

    private static uint Length(int tokens) => (uint)((tokens + 64 + 255) / 256 * 256);

    // Its logit is 0, which is never the largest.
    private static void LeaveOutTheEnd(string tensor, float[] values)
    {
        if (tensor == "output.weight")
        {
            Array.Clear(values, GgufWriter.End * 512, 512);
        }
    }
}
