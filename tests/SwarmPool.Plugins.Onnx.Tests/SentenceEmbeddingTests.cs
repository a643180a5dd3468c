using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Tokenizers;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>A real model of sentences, by its manifest alone, against the same model run by hand.</summary>
public sealed class SentenceEmbeddingTests
{
    private static readonly string[] Sentences =
    [
        "A cat sits on the mat.", "A kitten rests on a rug.", "Stock markets fell sharply today.", "Ünïcode: naïve café, 東京 — and an unbelievably long-winded word!", "x",
    ];

    [Fact]
    public async Task VectorsAreThoseOfTheModelRunByHand()
    {
        var (model, vocabulary) = (MiniLm.Model, MiniLm.Vocabulary);
        await using var made = new MadeModel(model, DocumentExamples.Read("all-minilm"), [("vocab.txt", vocabulary)]);
        await made.Backend.DescribeAsync(default); // It starts ONNX Runtime, whose log another test looks for.
        using var session = new InferenceSession(model);
        var tokenizer = BertTokenizer.Create(new MemoryStream(vocabulary));
        var vectors = new List<float[]>();
        foreach (var sentence in Sentences)
        {
            var vector = Embedding(await made.RunAsync(Encoding.UTF8.GetBytes(sentence)));
            Assert.Equal(384, vector.Length);
            Assert.Equal(1, vector.Sum(static value => value * (double)value), 1e-5);
            vectors.Add(vector);
            if (sentence.All(char.IsAscii))
            {
                Assert.InRange(Cosine(vector, ByHand(session, tokenizer.EncodeToIds(sentence))), 1 - 1e-6, 1 + 1e-6);
            }
        }

        // What is alike lies close: two of cats, and neither near the stocks.
        Assert.InRange(Cosine(vectors[0], vectors[1]), 0.5, 0.9);
        Assert.InRange(Cosine(vectors[0], vectors[2]), -0.1, 0.2);
        Assert.InRange(Cosine(vectors[1], vectors[2]), -0.1, 0.2);

        // Accents are taken off, as when the model was trained.
        Assert.Equal(Embedding(await made.RunAsync("a naïve café"u8.ToArray())), Embedding(await made.RunAsync("a naive cafe"u8.ToArray())));
    }

    [Fact]
    public async Task ALongTextIsRefusedOrCut()
    {
        var (model, vocabulary) = (MiniLm.Model, MiniLm.Vocabulary);
        var text = Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Repeat("word", 300)));
        await using var made = new MadeModel(model, DocumentExamples.Read("all-minilm"), [("vocab.txt", vocabulary)]);
        Assert.Contains("The text has 302 tokens; the model takes at most 256", await made.RefusalAsync(text), StringComparison.Ordinal);
        await using var cutting = new MadeModel(model, DocumentExamples.Read("all-minilm").Replace("\"max_tokens\": 256", "\"max_tokens\": 256, \"too_long\": \"cut\"", StringComparison.Ordinal), [("vocab.txt", vocabulary)]);
        var cut = Embedding(await cutting.RunAsync(text));
        Assert.Equal(Embedding(await made.RunAsync(Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Repeat("word", 254))))), cut);
    }

    private static float[] Embedding(SwarmPool.Inference.InferenceResult result)
    {
        using var answer = JsonDocument.Parse(result.Output);
        return [.. answer.RootElement.GetProperty("embedding").EnumerateArray().Select(static value => float.Parse(value.GetString()!, CultureInfo.InvariantCulture))];
    }

    // No code of the plugin's: the library's tokens, one run, a mean over all tokens.
    private static float[] ByHand(InferenceSession session, IReadOnlyList<int> ids)
    {
        long[] shape = [1, ids.Count];
        using var tokens = OrtValue.CreateTensorValueFromMemory(ids.Select(static id => (long)id).ToArray(), shape);
        using var ones = OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, ids.Count).ToArray(), shape);
        using var zeros = OrtValue.CreateTensorValueFromMemory(new long[ids.Count], shape);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["input_ids", "attention_mask", "token_type_ids"], [tokens, ones, zeros], ["last_hidden_state"]);
        var values = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        return [.. Enumerable.Range(0, 384).Select(i => Enumerable.Range(0, ids.Count).Average(token => values[(token * 384) + i]))];
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, static (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(static x => (double)x * x) * b.Sum(static y => (double)y * y));
}
