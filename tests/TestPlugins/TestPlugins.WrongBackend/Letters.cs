using System.Runtime.CompilerServices;
using System.Text;
using SwarmPool.Inference;

namespace TestPlugins.WrongBackend;

/// <summary>A model of 128 letters: what comes next is the letter after the last. The wrong one ends its process at the seventh.</summary>
internal sealed class Letters(NumericClass own, bool isWrong) : ITokenModel
{
    public const int Context = 64;
    private const int Count = 128;

    public TokenModelDescription Description { get; } = new(own, Count, Context, [0], false);

    public ValueTask<ReadOnlyMemory<int>> EncodeAsync(TokenPrompt prompt, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return prompt.Text is { } text
            ? new(Encoding.ASCII.GetBytes(text).Select(static one => (int)one).ToArray())
            : throw new InferenceException("It takes no messages.");
    }

    public ReadOnlyMemory<byte> BytesOf(int token) => token is > 0 and < Count
        ? new[] { (byte)token }
        : token == 0 ? default(ReadOnlyMemory<byte>) : throw new InferenceException($"There is no token {token}.");

    public ValueTask<ITokenSequence> BeginAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new Sequence(isWrong));
    }

    public async IAsyncEnumerable<ReadOnlyMemory<float>> ScoreAsync(
        ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Check(prompt.Span, 0);
        Check(given.Span, prompt.Length);
        await using var sequence = new Sequence(isWrong);
        for (var i = 0; i < given.Length; i++)
        {
            yield return await sequence.AppendAsync(i == 0 ? prompt : given.Slice(i - 1, 1), cancellationToken);
        }
    }

    private static void Check(ReadOnlySpan<int> tokens, int before)
    {
        if (tokens.IsEmpty || tokens.Length > Context - before || tokens.IndexOfAnyExceptInRange(0, Count - 1) >= 0)
        {
            throw new InferenceException("There is no such token, none at all, or no room.");
        }
    }

    private sealed class Sequence(bool isWrong) : ITokenSequence
    {
        private bool over;

        public int Length { get; private set; }

        public ValueTask<ReadOnlyMemory<float>> AppendAsync(ReadOnlyMemory<int> tokens, CancellationToken cancellationToken)
        {
            ObjectDisposedException.ThrowIf(over, this);
            cancellationToken.ThrowIfCancellationRequested();
            Check(tokens.Span, Length);
            Length += tokens.Length;
            if (isWrong && Length > 6)
            {
                Wrongs.Do("kills");
            }

            var logits = new float[Count];
            logits[(tokens.Span[^1] + 1) % Count] = 1;
            return new(logits);
        }

        public ValueTask DisposeAsync()
        {
            over = true;
            return default;
        }
    }
}
