using System.Buffers;
using System.Globalization;
using System.Text.Json;
using LLama.Native;
using SwarmPool.Files;
using SwarmPool.Inference;
using SwarmPool.Plugins.Llama.Native;

namespace SwarmPool.Plugins.Llama.Running;

/// <summary>
/// Embeddings of texts: <c>{"input":"a text"}</c>, or a list of texts, gives <c>{"embeddings":[["0.25",…]],"usage":{"input_tokens":3}}</c>, each of
/// length 1, pooled as the model's file says, else by the mean.
/// </summary>
/// <remarks>Thread-safe. A text is computed by itself and as one, in an empty context, so that its bits depend on nothing else.</remarks>
internal sealed class LlamaEmbeddings(SafeLlamaModelHandle model, LlamaText text, NumericClass numericClass, int length, int threads) : IDisposable
{
    private const int MostTexts = 256;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 3, AllowDuplicateProperties = false };

    private readonly AbortFlag abort = new();
    private readonly SemaphoreSlim one = new(1);
    private SafeLLamaContextHandle? context;
    private bool disposed;

    /// <exception cref="InferenceException">It is no such input, or the run failed.</exception>
    public async Task<InferenceResult> RunAsync(ReadOnlyMemory<byte> input, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var texts = Read(input);
        await one.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var (vectors, tokens) = (new List<float[]>(), 0L);
            foreach (var each in texts)
            {
                var encoded = await Task.Run(() => text.Encode(TokenPrompt.OfText(each)), cancellationToken);
                if (encoded.Length == 0 || encoded.Length > length)
                {
                    throw new InferenceException($"Text {vectors.Count} of the input has {encoded.Length} tokens; 1 to {length} are accepted.");
                }

                tokens += encoded.Length;
                vectors.Add(await ComputeTurn.RunAsync(() => Embed(encoded.Span, cancellationToken), cancellationToken));
                progress?.Report(vectors.Count * 100 / texts.Count);
            }

            return new InferenceResult(Write(vectors, tokens), numericClass, null) { Usage = new InferenceUsage { InputTokens = tokens } };
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose()
    {
        one.Wait();
        disposed = true;
        context?.Dispose();
        abort.Dispose();
        one.Release(); // For who still waits: it finds that all is over.
    }

    private float[] Embed(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        context ??= LlamaContext.Create(model, abort, threads, (uint)length, (uint)length, embeds: true);
        context.MemoryClear();
        var batch = new LLamaBatch();
        for (var i = 0; i < tokens.Length; i++)
        {
            batch.Add(tokens[i], i, LLamaSeqId.Zero, logits: true);
        }

        DecodeResult result;
        using (abort.RaiseOn(cancellationToken))
        {
            result = model is { HasEncoder: true, HasDecoder: false } ? context.Encode(batch) : context.Decode(batch);
        }

        if (result != DecodeResult.Ok)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new InferenceException($"llama.cpp could not compute {tokens.Length} tokens: {result}, {LlamaContext.Why("it says no more")}.");
        }

        var vector = context.PoolingType == LLamaPoolingType.None ? Mean(context, tokens.Length) : context.GetEmbeddingsSeq(LLamaSeqId.Zero).ToArray();
        return Unit(vector);
    }

    private static float[] Mean(SafeLLamaContextHandle context, int tokens)
    {
        var mean = new float[context.EmbeddingSize];
        for (var i = 0; i < tokens; i++)
        {
            var at = context.GetEmbeddingsIth(i);
            for (var j = 0; j < mean.Length; j++)
            {
                mean[j] += at[j] / tokens;
            }
        }

        return mean;
    }

    // In one order and without fused operations, so that equal vectors stay equal.
    private static float[] Unit(float[] vector)
    {
        var squares = 0.0;
        foreach (var value in vector)
        {
            squares += (double)value * value;
        }

        if (!double.IsFinite(squares) || squares == 0)
        {
            throw new InferenceException("The model gave a vector that is no direction: NaN, infinite or zero. Its file or its quantisation is broken: take another.");
        }

        var norm = Math.Sqrt(squares);
        for (var i = 0; i < vector.Length; i++)
        {
            vector[i] = (float)(vector[i] / norm);
        }

        return vector;
    }

    private static List<string> Read(ReadOnlyMemory<byte> input)
    {
        try
        {
            using var document = TextFile.ParseJson(input, Strict);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.EnumerateObject().Count() == 1 && root.TryGetProperty("input", out var given))
            {
                List<JsonElement> texts = given.ValueKind == JsonValueKind.Array ? [.. given.EnumerateArray()] : [given];
                if (texts.Count is >= 1 and <= MostTexts && texts.TrueForAll(static each => each.ValueKind == JsonValueKind.String))
                {
                    return [.. texts.Select(static each => each.GetString()!)];
                }
            }
        }
        catch (JsonException wrong)
        {
            throw Refuse($"it is not JSON: {wrong.Message.TrimEnd('.')}", wrong);
        }

        throw Refuse($"it is no object with \"input\", a text or a list of 1 to {MostTexts}", null);
    }

    private static ReadOnlyMemory<byte> Write(List<float[]> vectors, long tokens)
    {
        var written = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteStartArray("embeddings");
            foreach (var vector in vectors)
            {
                json.WriteStartArray();
                foreach (var value in vector)
                {
                    // A decimal string, the shortest that reads back to the same number: canonical JSON has no fractions.
                    json.WriteStringValue((value == 0 ? 0f : value).ToString("R", CultureInfo.InvariantCulture));
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteStartObject("usage");
            json.WriteNumber("input_tokens", tokens);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return written.WrittenMemory;
    }

    private static InferenceException Refuse(string why, Exception? inner) =>
        new($"The input can't be used: {why}. Send {{\"input\":\"…\"}} as UTF-8 JSON.", inner);
}
