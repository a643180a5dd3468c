using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SwarmPool.Tools.Learning;
using SwarmPool.Tools.Sums;
using SwarmPool.Tools.Sums.Training;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>The project's own transformer: its training is right and repeatable, and the committed file adds.</summary>
public sealed class SumsModelTests
{
    private static string Folder => Path.Combine(Places.Root, "language-models", SumsModel.Name);

    [Fact]
    public void Slopes_are_those_that_small_moves_of_the_weights_show()
    {
        var network = new Transformer();
        var gradient = new Gradient(network);
        var (tokens, next) = (new int[2 * Sum.Length], new int[2 * Sum.Length]);
        new Sum(17, 85).Write(tokens.AsSpan(0, Sum.Length), next.AsSpan(0, Sum.Length));
        new Sum(4, 9).Write(tokens.AsSpan(Sum.Length), next.AsSpan(Sum.Length));
        var pass = new Pass(network, 2, Sum.Length);
        var slopes = new float[2 * Sum.Length * Vocabulary.Count];
        Loss(pass, tokens, next, slopes);
        pass.Backward(tokens, slopes, gradient);

        var random = new SplitMix(5);
        foreach (var weights in network.All)
        {
            // Along the slope itself the loss changes by its square: the steepest, and so the most surely measured.
            var slope = gradient[weights];
            var square = slope.Sum(static one => (double)one * one);
            var step = (float)(1e-2 / Math.Sqrt(square));
            var before = (float[])weights.Values.Clone();
            Vectors.AddScaled(weights.Values, slope, step);
            var above = Loss(pass, tokens, next);
            before.CopyTo(weights.Values, 0);
            Vectors.AddScaled(weights.Values, slope, -step);
            var below = Loss(pass, tokens, next);
            before.CopyTo(weights.Values, 0);
            Assert.InRange((above - below) / (2 * step) / square, 0.98, 1.02);

            // And across it, where a slope that is too long in some direction shows.
            var across = new float[slope.Length];
            foreach (ref var one in across.AsSpan())
            {
                one = random.Between(-1f, 1f);
            }

            var along = slope.Zip(across, static (a, b) => (double)a * b).Sum();
            var small = 2e-3f;
            Vectors.AddScaled(weights.Values, across, small);
            above = Loss(pass, tokens, next);
            before.CopyTo(weights.Values, 0);
            Vectors.AddScaled(weights.Values, across, -small);
            below = Loss(pass, tokens, next);
            before.CopyTo(weights.Values, 0);
            Assert.InRange((above - below) / (2 * small), along - Math.Max(0.02, Math.Abs(along) * 0.05), along + Math.Max(0.02, Math.Abs(along) * 0.05));
        }
    }

    [Fact]
    public void Training_takes_the_same_steps_each_time()
    {
        var (first, second) = (SumsModel.Train(steps: 3), SumsModel.Train(steps: 3));
        Assert.Equal(first.Precise, second.Precise);
        Assert.Equal(first.Onnx, second.Onnx);
        Assert.NotEqual(first.Precise, SumsModel.Train(steps: 4).Precise);
    }

    /// <summary>Minutes, so under SWARMPOOL_FULL=1 all of it; else what the committed files say of themselves.</summary>
    [Fact]
    public void Trained_again_it_is_the_committed_model_bit_for_bit()
    {
        var (precise, coarse, onnx) = (Read(SumsModel.PreciseFile), Read(SumsModel.CoarseFile), Read(SumsModel.OnnxFile));
        Assert.All([precise, coarse, onnx], static file => Assert.True(file.Length < 1_000_000, $"{file.Length} bytes"));
        if (Environment.GetEnvironmentVariable("SWARMPOOL_FULL") == "1")
        {
            var model = SumsModel.Train();
            Assert.Equal(precise, model.Precise);
            Assert.Equal(coarse, model.Coarse);
            Assert.Equal(onnx, model.Onnx);
            Assert.Equal(Read("model.json"), model.Manifest);
        }
    }

    [Fact]
    public async Task It_adds_what_it_never_saw()
    {
        await using var backend = Backends.Over(Places.Models);
        await backend.DescribeAsync(default); // It starts ONNX Runtime, whose log another test looks for.
        using var session = new InferenceSession(Path.Combine(Folder, SumsModel.OnnxFile));
        Sum[] sums = [.. Sum.All.Where(static sum => sum.IsHeldOut)];
        var (tokens, next) = (new int[sums.Length * Sum.Length], new int[sums.Length * Sum.Length]);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i].Write(tokens.AsSpan(i * Sum.Length, Sum.Length), next.AsSpan(i * Sum.Length, Sum.Length));
        }

        var ids = new DenseTensor<long>(tokens.Select(static token => (long)token).ToArray(), [sums.Length, Sum.Length]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("ids", ids)]);
        var scores = results[0].AsEnumerable<float>().ToArray();
        var right = Enumerable.Range(0, sums.Length).Count(sum => Enumerable.Range(sum * Sum.Length, Sum.Length).All(at =>
            next[at] < 0 || scores.AsSpan(at * Vocabulary.Count, Vocabulary.Count).IndexOf(scores.AsSpan(at * Vocabulary.Count, Vocabulary.Count).ToArray().Max()) == next[at]));
        Assert.True(right >= 0.99 * sums.Length, $"{right} of {sums.Length}");
    }

    private static byte[] Read(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    private static double Loss(Pass pass, int[] tokens, int[] next, float[]? slopes = null)
    {
        pass.Forward(tokens);
        var loss = 0.0;
        for (var at = 0; at < next.Length; at++)
        {
            if (next[at] >= 0)
            {
                var scores = pass.Scores.AsSpan(at * Vocabulary.Count, Vocabulary.Count).ToArray();
                var top = scores.Max();
                loss += Math.Log(scores.Sum(score => Math.Exp(score - top))) + top - scores[next[at]];
                if (slopes is not null)
                {
                    Vectors.Softmax(scores);
                    scores[next[at]] -= 1f;
                    scores.CopyTo(slopes, at * Vocabulary.Count);
                }
            }
        }

        return loss;
    }
}
