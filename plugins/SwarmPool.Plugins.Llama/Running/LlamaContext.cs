using LLama.Common;
using LLama.Exceptions;
using LLama.Extensions;
using LLama.Native;
using SwarmPool.Inference;
using SwarmPool.Plugins.Llama.Native;

namespace SwarmPool.Plugins.Llama.Running;

/// <summary>
/// A context of llama.cpp with one sequence in it. Tokens are computed in blocks whose borders depend on their places alone, and a block
/// that is there already is the same, bit for bit, as if it were computed again.
/// </summary>
/// <remarks>One caller at a time. After a call that failed it is empty, and usable.</remarks>
internal sealed class LlamaContext : IDisposable
{
    private readonly AbortFlag abort = new();
    private readonly SafeLLamaContextHandle context;
    private readonly LLamaBatch batch = new();
    private readonly float[] logits;
    private readonly int block;

    // What can be used again: the tokens of whole blocks at the beginning, computed as a prompt's.
    private readonly List<int> blocks = [];

    public LlamaContext(SafeLlamaModelHandle model, int length, int block, int threads)
    {
        this.block = block;
        logits = new float[model.Vocab.Count];
        context = Create(model, abort, threads, (uint)length, (uint)block, embeds: false);
    }

    /// <summary>How many tokens are in it.</summary>
    public int Count { get; private set; }

    /// <summary>How many of a prompt's tokens need not be computed here.</summary>
    public int Common(ReadOnlySpan<int> prompt)
    {
        var common = 0;
        while (common < blocks.Count && common < prompt.Length && blocks[common] == prompt[common])
        {
            common++;
        }

        // The last token is always computed, for what comes after it.
        return Math.Min(common, prompt.Length - 1) / block * block;
    }

    /// <summary>Makes it hold a prompt's beginning, as far as that is there, and nothing else. The rest of the prompt is the caller's to append.</summary>
    /// <returns>How many tokens that are.</returns>
    public int Begin(ReadOnlySpan<int> prompt)
    {
        Cut(Common(prompt));
        return Count;
    }

    /// <summary>Appends tokens, up to a block's border or the last: a part of them.</summary>
    /// <param name="tokens">What is to be appended; at least one, and there is room.</param>
    /// <param name="isPrompt">Whether these tokens are a prompt's, in a context that holds nothing else: then their blocks can be used again.</param>
    /// <param name="from">The first of these tokens whose logits are wanted; its number of tokens for none but the last.</param>
    /// <param name="cancellationToken">Ends it within the block.</param>
    /// <returns>How many were appended.</returns>
    public int Append(ReadOnlySpan<int> tokens, bool isPrompt, int from, CancellationToken cancellationToken)
    {
        var count = Math.Min(tokens.Length, block - (Count % block));
        batch.Clear();
        for (var i = 0; i < count; i++)
        {
            batch.Add(tokens[i], Count + i, LLamaSeqId.Zero, i >= from || i == tokens.Length - 1);
        }

        Compute(context.Decode, cancellationToken);
        Count += count;
        if (isPrompt && Count % block == 0 && blocks.Count == Count - count)
        {
            blocks.AddRange(tokens[..count]);
        }

        return count;
    }

    /// <summary>The logits of what comes after one of the tokens that were appended last; readable until the next call.</summary>
    /// <param name="index">Which of those tokens.</param>
    public ReadOnlyMemory<float> LogitsAfter(int index)
    {
        context.GetLogitsIth(index).CopyTo(logits);
        return logits;
    }

    /// <summary>Takes off what can't be used again.</summary>
    public void End() => Cut(blocks.Count);

    public void Dispose()
    {
        context.Dispose();
        abort.Dispose();
    }

    /// <summary>Makes a context of a model; both of its batches are of one size, so that a block is computed as one.</summary>
    internal static SafeLLamaContextHandle Create(SafeLlamaModelHandle model, AbortFlag abort, int threads, uint length, uint block, bool embeds)
    {
        var wanted = new ModelParams("")
        {
            ContextSize = length,
            BatchSize = block,
            UBatchSize = block,
            SeqMax = 1,
            Threads = threads,
            BatchThreads = threads,
            Embeddings = embeds,
        };
        wanted.ToLlamaContextParams(out var parameters);
        parameters.abort_callback = AbortFlag.Callback;
        parameters.abort_callback_user_data = abort.Data;
        try
        {
            var made = SafeLLamaContextHandle.Create(model, parameters);
            return made.IsInvalid ? throw new RuntimeError("no memory for it") : made;
        }
        catch (RuntimeError failure)
        {
            throw new InferenceException($"llama.cpp can't make a context of {length} tokens: {Why(failure.Message)}. Set a smaller context in model.json, or max_sequences.", failure);
        }
    }

    /// <summary>What llama.cpp said of a failure, or else what LLamaSharp says.</summary>
    internal static string Why(string otherwise) => (NativeLog.TakeErrors() is { Length: > 0 } said ? said : otherwise).TrimEnd('.');

    private void Compute(Func<LLamaBatch, DecodeResult> compute, CancellationToken cancellationToken)
    {
        DecodeResult result;
        using (abort.RaiseOn(cancellationToken))
        {
            result = compute(batch);
        }

        if (result == DecodeResult.Ok)
        {
            return;
        }

        Clear();
        cancellationToken.ThrowIfCancellationRequested();
        throw new InferenceException($"llama.cpp could not compute {batch.TokenCount} tokens: {result}, {Why("it says no more")}.");
    }

    private void Cut(int count)
    {
        if (count < Count)
        {
            context.MemorySequenceRemove(LLamaSeqId.Zero, count, -1);
            Count = count;
        }

        // Models that keep a state, or a window of what was, can't go back: they begin again.
        if (count == 0 || (int)context.MemorySequenceMinPosition(LLamaSeqId.Zero) != 0 || (int)context.MemorySequenceMaxPosition(LLamaSeqId.Zero) != count - 1)
        {
            Clear();
        }
        else if (count < blocks.Count)
        {
            blocks.RemoveRange(count, blocks.Count - count);
        }
    }

    private void Clear()
    {
        context.MemoryClear();
        blocks.Clear();
        Count = 0;
    }
}
