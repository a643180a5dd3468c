using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Sums.Training;

/// <summary>
/// Trains the network on sums, by Adam, in one fixed order. Two halves of each batch are computed side by side and added in order: the result
/// doesn't depend on how many processors there are.
/// </summary>
internal sealed class Trainer
{
    /// <summary>Steps of a whole training.</summary>
    public const int Steps = 6_000;

    private const ulong Order = 0x6F_72_64_65_72;
    private const int Halves = 2;
    private const int HalfBatch = 32;
    private const int WarmUp = 200;
    private const float HighestRate = 3e-3f;
    private const float LowestRate = 3e-5f;
    private const float Decay = 0.05f;

    private readonly Transformer network = new();
    private readonly SplitMix random = new(Order);
    private readonly Half[] halves;
    private readonly Sum[] sums = [.. Sum.All.Where(static sum => !sum.IsHeldOut)];

    private Trainer() => halves = [.. Enumerable.Range(0, Halves).Select(_ => new Half(network))];

    /// <summary>Trains; the same weights each time.</summary>
    /// <param name="steps">How many steps of <see cref="Steps"/>.</param>
    /// <param name="progress">Hears the step and the mean loss of an answer's token.</param>
    public static Transformer Train(int steps = Steps, Action<int, float>? progress = null)
    {
        var trainer = new Trainer();
        for (var step = 1; step <= steps; step++)
        {
            var loss = trainer.Step(step);
            progress?.Invoke(step, loss);
        }

        return trainer.network;
    }

    private float Step(int step)
    {
        foreach (var half in halves)
        {
            half.Choose(sums, random);
        }

        Parallel.ForEach(halves, static half => half.Run());
        var learned = halves.Sum(static half => half.Learned);
        var rate = step < WarmUp ? HighestRate * step / WarmUp : HighestRate + ((LowestRate - HighestRate) * (step - WarmUp) / (Steps - WarmUp));
        var scales = Weights.Scales(step);
        foreach (var weights in network.All)
        {
            var slope = halves[0].Gradient[weights];
            Vectors.AddScaled(slope, halves[1].Gradient[weights], 1f);
            foreach (ref var one in slope.AsSpan())
            {
                one /= learned;
            }

            weights.Step(slope, rate, Decay, scales.First, scales.Second);
        }

        return halves.Sum(static half => half.Loss) / learned;
    }

    /// <summary>A worker's part of a batch.</summary>
    private sealed class Half(Transformer network)
    {
        private readonly int[] tokens = new int[HalfBatch * Sum.Length];
        private readonly int[] next = new int[HalfBatch * Sum.Length];
        private readonly float[] slopes = new float[HalfBatch * Sum.Length * Vocabulary.Count];
        private readonly Pass pass = new(network, HalfBatch, Sum.Length);

        public Gradient Gradient { get; } = new(network);

        public int Learned { get; private set; }

        public float Loss { get; private set; }

        public void Choose(Sum[] sums, SplitMix random)
        {
            for (var i = 0; i < HalfBatch; i++)
            {
                sums[random.Below(sums.Length)].Write(tokens.AsSpan(i * Sum.Length, Sum.Length), next.AsSpan(i * Sum.Length, Sum.Length));
            }
        }

        public void Run()
        {
            Gradient.Clear();
            Array.Clear(slopes);
            (Learned, Loss) = (0, 0f);
            pass.Forward(tokens);
            for (var at = 0; at < next.Length; at++)
            {
                if (next[at] < 0)
                {
                    continue;
                }

                var slope = slopes.AsSpan(at * Vocabulary.Count, Vocabulary.Count);
                pass.Scores.AsSpan(at * Vocabulary.Count, Vocabulary.Count).CopyTo(slope);
                Vectors.Softmax(slope);
                Loss -= MathF.Log(MathF.Max(slope[next[at]], 1e-30f)); // Shown only.
                slope[next[at]] -= 1f;
                Learned++;
            }

            pass.Backward(tokens, slopes, Gradient);
        }
    }
}
