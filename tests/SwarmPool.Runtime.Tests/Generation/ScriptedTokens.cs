using System.Runtime.CompilerServices;
using System.Text;
using SwarmPool.Inference;

namespace SwarmPool.Runtime.Tests.Generation;

/// <summary>
/// A token model that finds a scripted answer by far the likeliest: tokens are the bytes 0 to 255, then the pieces that the test adds,
/// then the end.
/// </summary>
internal sealed class ScriptedTokens : ITokenModel
{
    private readonly List<byte[]> pieces;
    private readonly List<int> script;

    /// <param name="script">What the model says: texts, each a token of its own.</param>
    public ScriptedTokens(params string[] script)
    {
        pieces = [.. Enumerable.Range(0, 256).Select(static value => new[] { (byte)value }), .. script.Select(Encoding.UTF8.GetBytes)];
        this.script = [.. Enumerable.Range(256, script.Length), pieces.Count];
        Description = new(new(new string('c', 64), "test/1", "cpu", "fp32"), pieces.Count + 1, 64, [pieces.Count], TakesMessages: true);
    }

    public TokenModelDescription Description { get; set; }

    public int End => pieces.Count;

    /// <summary>Changes the logits before they are given, by the place in the answer.</summary>
    public Func<int, float[], float[]> Change { get; set; } = static (_, logits) => logits;

    /// <summary>What happens before logits are given.</summary>
    public Func<int, CancellationToken, Task> During { get; set; } = static (_, _) => Task.CompletedTask;

    public List<int[]> Appended { get; } = [];

    public int Open;

    /// <summary>Says bytes of which each is a token.</summary>
    public ScriptedTokens Say(params byte[] bytes)
    {
        script.InsertRange(script.Count - 1, bytes.Select(static value => (int)value));
        return this;
    }

    public ValueTask<ReadOnlyMemory<int>> EncodeAsync(TokenPrompt prompt, CancellationToken cancellationToken) =>
        new((ReadOnlyMemory<int>)Encoding.UTF8.GetBytes(prompt.Text ?? string.Concat(prompt.Messages.Select(static message => $"{message.Role}:{message.Content};"))).Select(static value => (int)value).ToArray());

    public ReadOnlyMemory<byte> BytesOf(int token) => token == End ? default : pieces[token];

    public ValueTask<ITokenSequence> BeginAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Open);
        return new(new Sequence(this));
    }

    public async IAsyncEnumerable<ReadOnlyMemory<float>> ScoreAsync(ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var at = 0; at < given.Length; at++)
        {
            await During(at, cancellationToken);
            yield return Logits(at);
        }
    }

    private float[] Logits(int at)
    {
        var logits = new float[Description.VocabularySize];
        logits[script[at % script.Count]] = 100;
        return Change(at, logits);
    }

    private sealed class Sequence(ScriptedTokens model) : ITokenSequence
    {
        private int calls;

        public int Length { get; private set; }

        public async ValueTask<ReadOnlyMemory<float>> AppendAsync(ReadOnlyMemory<int> tokens, CancellationToken cancellationToken)
        {
            await model.During(calls, cancellationToken);
            lock (model.Appended)
            {
                model.Appended.Add(tokens.ToArray());
            }

            Length += tokens.Length;
            return model.Logits(calls++);
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref model.Open);
            return default;
        }
    }
}
