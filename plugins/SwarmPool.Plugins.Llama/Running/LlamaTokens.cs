using System.Runtime.CompilerServices;
using LLama.Native;
using SwarmPool.Inference;
using SwarmPool.Plugins.Llama.Native;

namespace SwarmPool.Plugins.Llama.Running;

/// <summary>A loaded model by its tokens. Each sequence has a context of its own: a batch of several would round otherwise than one alone.</summary>
internal sealed class LlamaTokens : ITokenModel, IDisposable
{
    private readonly SafeLlamaModelHandle model;
    private readonly LlamaText text;
    private readonly int block;
    private readonly int threads;
    private readonly int most;
    private readonly SemaphoreSlim places;
    private readonly Lock gate = new();
    private readonly List<LlamaContext> idle = [];
    private readonly CancellationTokenSource stopping = new();
    private int made;
    private bool disposed;

    public LlamaTokens(SafeLlamaModelHandle model, NumericClass numericClass, int context, LlamaOptions options)
    {
        this.model = model;
        block = options.BlockTokens;
        threads = options.Threads;
        most = options.MaxSequences;
        places = new SemaphoreSlim(most);
        text = new LlamaText(model, context);
        Description = new TokenModelDescription(numericClass, text.VocabularySize, context, text.EndTokens, text.HasTemplate);
    }

    public TokenModelDescription Description { get; }

    /// <summary>Whether a sequence or a scoring is under way.</summary>
    public bool IsBusy => places.CurrentCount < most;

    /// <summary>Cancelled when the model is unloaded, or the backend disposed.</summary>
    public CancellationToken Stopping => stopping.Token;

    public async ValueTask<ReadOnlyMemory<int>> EncodeAsync(TokenPrompt prompt, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentNullException.ThrowIfNull(prompt);
        return await Task.Run(() => text.Encode(prompt), cancellationToken);
    }

    public ReadOnlyMemory<byte> BytesOf(int token) => text.BytesOf(token);

    public async ValueTask<ITokenSequence> BeginAsync(CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken);
        return new LlamaSequence(this);
    }

    public async IAsyncEnumerable<ReadOnlyMemory<float>> ScoreAsync(
        ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Check(prompt.Span, 0);
        Check(given.Span, prompt.Length);
        int[] tokens = [.. prompt.Span, .. given.Span[..^1]];
        await EnterAsync(cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        LlamaContext? context = null;
        try
        {
            // The last token of the prompt is the first whose logits are wanted, and a context that has it already can't give them.
            context = Take(prompt.Span);
            var done = context.Begin(prompt.Span);
            while (done < tokens.Length)
            {
                var (from, here) = (done, context);
                var wanted = Math.Max(0, prompt.Length - 1 - from);
                var count = await ComputeTurn.RunAsync(() => here.Append(tokens.AsSpan(from), isPrompt: false, wanted, either.Token), either.Token);
                for (var i = wanted; i < count; i++)
                {
                    yield return context.LogitsAfter(i);
                }

                done += count;
            }
        }
        finally
        {
            Return(context);
        }
    }

    /// <summary>That there are tokens, that the model has them, and that they fit behind so many.</summary>
    /// <exception cref="InferenceException">It isn't so.</exception>
    public void Check(ReadOnlySpan<int> tokens, int before)
    {
        if (tokens.IsEmpty)
        {
            throw new InferenceException("There is no token to go on from.");
        }

        if (tokens.Length > Description.ContextLength - before)
        {
            throw new InferenceException($"{before + (long)tokens.Length} tokens don't fit into the context of {Description.ContextLength}.");
        }

        if (tokens.IndexOfAnyExceptInRange(0, Description.VocabularySize - 1) is var wrong and >= 0)
        {
            throw new InferenceException($"There is no token {tokens[wrong]}; the vocabulary has {Description.VocabularySize}.");
        }
    }

    /// <summary>A context for a prompt, for who has a place: the one that has most of it; else another, while there may be more.</summary>
    /// <exception cref="InferenceException">There is no memory for another.</exception>
    public LlamaContext Take(ReadOnlySpan<int> prompt)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            LlamaContext? best = null;
            var common = 0;
            foreach (var context in idle)
            {
                var here = context.Common(prompt);
                if (best is null || here > common || (here == common && context.Count < best.Count))
                {
                    (best, common) = (context, here);
                }
            }

            // What somebody may come back to is kept while there may be more contexts. Whoever has a place finds one or may make one.
            if (best is not null && (common > 0 || best.Count == 0 || made == most))
            {
                idle.Remove(best);
                return best;
            }

            var another = new LlamaContext(model, Description.ContextLength, block, threads);
            made++;
            return another;
        }
    }

    /// <summary>Gives up a place, and the context that was taken for it.</summary>
    public void Return(LlamaContext? context)
    {
        lock (gate)
        {
            if (disposed)
            {
                context?.Dispose();
            }
            else if (context is not null)
            {
                context.End();
                idle.Add(context);
            }
        }

        places.Release();
    }

    /// <summary>Ends what computes. What is under way frees its context when it is given up, and the last one frees the model.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            idle.ForEach(static context => context.Dispose());
            idle.Clear();
        }

        stopping.Cancel();
        model.Dispose();
    }

    /// <summary>Waits for a place.</summary>
    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        try
        {
            await places.WaitAsync(either.Token);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException("The model was unloaded, or the backend disposed.", cancelled);
        }
    }
}
