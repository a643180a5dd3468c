using SwarmPool.Inference;
using SwarmPool.Plugins.Llama.Native;

namespace SwarmPool.Plugins.Llama.Running;

/// <summary>A sequence in a context of its own, which it has from its first tokens on: that of the contexts at hand which has most of them already.</summary>
internal sealed class LlamaSequence(LlamaTokens model) : ITokenSequence
{
    private LlamaContext? context;
    private bool over;

    public int Length { get; private set; }

    public async ValueTask<ReadOnlyMemory<float>> AppendAsync(ReadOnlyMemory<int> tokens, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(over, this);
        cancellationToken.ThrowIfCancellationRequested();
        model.Check(tokens.Span, Length);
        var isPrompt = Length == 0;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, model.Stopping);
        try
        {
            context ??= model.Take(tokens.Span);
            var done = isPrompt ? context.Begin(tokens.Span) : 0;
            while (true)
            {
                // A turn for each block, so that a long prompt holds up no other sequence for longer than that.
                var (from, here) = (done, context);
                var count = await ComputeTurn.RunAsync(() => here.Append(tokens.Span[from..], isPrompt, tokens.Length, either.Token), either.Token);
                done += count;
                if (done == tokens.Length)
                {
                    Length += tokens.Length;
                    return context.LogitsAfter(count - 1);
                }
            }
        }
        catch (Exception failure)
        {
            // Only whole blocks of a prompt may be left in the context.
            await DisposeAsync();
            if (failure is OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new ObjectDisposedException("The model was unloaded, or the backend disposed.", failure);
            }

            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!over)
        {
            over = true;
            model.Return(context);
            context = null;
        }

        return default;
    }
}
