using System.Runtime.CompilerServices;
using SwarmPool.Inference;

namespace SwarmPool.Testing.Tests.Inference;

/// <summary>Backends that are wrong in one way each.</summary>
internal static class WrongBackends
{
    public sealed class StatesAnotherClassThanItsRuns : RightBackend
    {
        public override async ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken)
        {
            var right = await base.DescribeAsync(cancellationToken);
            return right with { Models = [.. right.Models.Select(static model => model with { Class = Class with { Device = "cuda:none" } })] };
        }
    }

    public sealed class TakesLessThanNoMemory : RightBackend
    {
        public override async ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken)
        {
            var right = await base.DescribeAsync(cancellationToken);
            return right with { Models = [.. right.Models.Select(static model => model with { MemoryBytes = -1 })] };
        }
    }

    public sealed class CountsLessThanNothing : RightBackend
    {
        public override async ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) =>
            await base.RunAsync(request, progress, cancellationToken) with { Usage = new InferenceUsage { OutputTokens = -5 } };
    }

    public sealed class KeepsWhatItUnloads : RightBackend
    {
        public override async ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken)
        {
            var right = await base.DescribeAsync(cancellationToken);
            return right with { Models = [.. right.Models.Select(static model => model with { IsWarm = true })] };
        }
    }

    public sealed class UnloadsThoughItCant : RightBackend
    {
        public override bool CanUnload => false;
    }

    public sealed class RunsOtherwiseOnceUnloaded : RightBackend
    {
        private bool unloaded;

        public override ValueTask<bool> UnloadAsync(string model, CancellationToken cancellationToken)
        {
            unloaded = true;
            return base.UnloadAsync(model, cancellationToken);
        }

        public override async ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken)
        {
            var right = await base.RunAsync(request, progress, cancellationToken);
            return unloaded ? right with { Output = request.Input } : right;
        }
    }

    public sealed class StreamsWithoutAResult : RightBackend
    {
        public override async IAsyncEnumerable<InferenceChunk> StreamAsync(InferenceRequest request, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new InferenceChunk((await RunAsync(request, progress, cancellationToken)).Output, null);
        }
    }

    public sealed class StreamsAnotherOutput : RightBackend
    {
        public override async IAsyncEnumerable<InferenceChunk> StreamAsync(InferenceRequest request, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new InferenceChunk(default, await RunAsync(request, progress, cancellationToken) with { Output = request.Input });
        }
    }

    public sealed class GoesOnAfterTheResult : RightBackend
    {
        public override async IAsyncEnumerable<InferenceChunk> StreamAsync(InferenceRequest request, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new InferenceChunk(default, await RunAsync(request, progress, cancellationToken));
            yield return new InferenceChunk("more"u8.ToArray(), null);
        }
    }

    public sealed class StreamsOnWhenCancelled : RightBackend
    {
        public override async IAsyncEnumerable<InferenceChunk> StreamAsync(InferenceRequest request, IProgress<int>? progress, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new InferenceChunk(default, await RunAsync(request, progress, CancellationToken.None));
        }
    }
}

/// <summary>Token models that are wrong in one way each.</summary>
internal static class WrongTokens
{
    public sealed class IsOfAnotherClass() : RightTokens(static () => false)
    {
        public override TokenModelDescription Description { get; } = new(RightBackend.Class with { Precision = "fp16" }, Vocabulary, Context, [End], TakesMessages: false);
    }

    public sealed class HasAnEndOutsideOfItsVocabulary() : RightTokens(static () => false)
    {
        public override TokenModelDescription Description { get; } = new(RightBackend.Class, Vocabulary, Context, [Vocabulary], TakesMessages: false);
    }

    public sealed class EncodesByChance() : RightTokens(static () => false)
    {
        private int calls;

        public override async ValueTask<ReadOnlyMemory<int>> EncodeAsync(TokenPrompt prompt, CancellationToken cancellationToken) =>
            (int[])[.. (await base.EncodeAsync(prompt, cancellationToken)).ToArray(), Interlocked.Increment(ref calls) % 26];
    }

    public sealed class SaysThatItTakesMessages() : RightTokens(static () => false)
    {
        public override TokenModelDescription Description { get; } = new(RightBackend.Class, Vocabulary, Context, [End], TakesMessages: true);
    }

    public sealed class SpellsItsEnd() : RightTokens(static () => false)
    {
        public override ReadOnlyMemory<byte> BytesOf(int token) => token == End ? "</s>"u8.ToArray() : base.BytesOf(token);
    }

    public sealed class HasBytesForEveryNumber() : RightTokens(static () => false)
    {
        public override ReadOnlyMemory<byte> BytesOf(int token) => token is >= 0 and <= End ? base.BytesOf(token) : "?"u8.ToArray();
    }

    /// <summary>What was asked last leaves a trace in the next answer: a cache that isn't cleared.</summary>
    public sealed class RemembersTheAnswerBefore() : RightTokens(static () => false)
    {
        private int longest;

        public override float[] Logits(IReadOnlyList<int> tokens)
        {
            var logits = base.Logits(tokens);
            logits[0] += longest / 65_536f;
            longest++;
            return logits;
        }
    }

    /// <summary>Sequences share what they have said.</summary>
    public sealed class SharesOneSequence : RightTokens
    {
        private readonly Lazy<ITokenSequence> shared;

        public SharesOneSequence()
            : base(static () => false) => shared = new Lazy<ITokenSequence>(() => new RightSequence(this));

        public override ValueTask<ITokenSequence> BeginAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(shared.Value);
        }
    }

    /// <summary>Its logits depend on how many sequences there are: a batch that is wider.</summary>
    public sealed class IsDisturbedByNeighbours() : RightTokens(static () => false)
    {
        private int open;

        public override ValueTask<ITokenSequence> BeginAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref open);
            return new(new Counted(this));
        }

        public override float[] Logits(IReadOnlyList<int> tokens)
        {
            var logits = base.Logits(tokens);
            logits[1] += Volatile.Read(ref open) > 1 ? 1 / 4096f : 0;
            return logits;
        }

        private sealed class Counted(IsDisturbedByNeighbours owner) : ITokenSequence
        {
            private readonly RightSequence inner = new(owner);

            public int Length => inner.Length;

            public ValueTask<ReadOnlyMemory<float>> AppendAsync(ReadOnlyMemory<int> tokens, CancellationToken cancellationToken) => inner.AppendAsync(tokens, cancellationToken);

            public ValueTask DisposeAsync()
            {
                Interlocked.Decrement(ref owner.open);
                return default;
            }
        }
    }

    public sealed class ScoresOnePlaceLate() : RightTokens(static () => false)
    {
        public override async IAsyncEnumerable<ReadOnlyMemory<float>> ScoreAsync(
            ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            Check(0, prompt);
            Check(prompt.Length, given);
            List<int> tokens = [.. prompt.Span];
            foreach (var token in given.ToArray())
            {
                tokens.Add(token);
                yield return Logits(tokens);
            }
        }
    }

    public sealed class ScoresTooFew() : RightTokens(static () => false)
    {
        public override IAsyncEnumerable<ReadOnlyMemory<float>> ScoreAsync(ReadOnlyMemory<int> prompt, ReadOnlyMemory<int> given, CancellationToken cancellationToken) =>
            base.ScoreAsync(prompt, given.Length > 1 ? given[1..] : given, cancellationToken);
    }

    public sealed class TakesMoreThanItsContext() : RightTokens(static () => false)
    {
        public override void Check(int before, ReadOnlyMemory<int> tokens) => base.Check(0, tokens.Length > Context ? tokens[..Context] : tokens);
    }

    public sealed class TakesTokensThatItHasNot() : RightTokens(static () => false)
    {
        public override void Check(int before, ReadOnlyMemory<int> tokens) => base.Check(before, (int[])[.. tokens.ToArray().Select(static token => Math.Clamp(token, 0, End))]);
    }

    public sealed class GivesTooFewLogits() : RightTokens(static () => false)
    {
        public override float[] Logits(IReadOnlyList<int> tokens) => base.Logits(tokens)[..^1];
    }

    public sealed class GivesNaN() : RightTokens(static () => false)
    {
        public override float[] Logits(IReadOnlyList<int> tokens)
        {
            var logits = base.Logits(tokens);
            logits[^1] = float.NaN;
            return logits;
        }
    }

    public sealed class EncodesWhenCancelled() : RightTokens(static () => false)
    {
        public override ValueTask<ReadOnlyMemory<int>> EncodeAsync(TokenPrompt prompt, CancellationToken cancellationToken) => base.EncodeAsync(prompt, CancellationToken.None);
    }

    public sealed class LivesAfterItsBackend() : RightTokens(static () => false);
}
