using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Runtime.Verification;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Verification;

/// <summary>Scores of a checker's pass, and limits from honest ones.</summary>
public sealed class ScoreTests
{
    private static SwarmPool.Inference.NumericClass Class { get; } = new(new string('a', 64), "test/1", "cpu", "fp32");

    [Fact]
    public void The_same_logits_score_nothing_and_others_do()
    {
        var random = new Random(3);
        var logits = Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 300).Select(_ => (float)(random.NextDouble() * 10)).ToArray()).ToArray();
        var same = Score(logits, logits);
        Assert.Equal((40, 40, 0L), (same.Positions, same.ExactWins, same.MarginMicro));
        Assert.InRange(same.TopDistanceMicro, 0, 200); // Half a step of 1/4096.
        var coarse = Score(logits, [.. logits.Select(static place => place.Select(static logit => MathF.Round(logit * 2) / 2).ToArray())]);
        Assert.True(coarse.ExactWins < 40 && coarse.MarginMicro > 0 && coarse.TopDistanceMicro > 50_000, $"{coarse}");
        var wrong = Score(logits, [.. logits.Select(static place => place.Reverse().ToArray())]);
        Assert.InRange(wrong.MarginMicro, 1_000_000, ScoreSums.WorstMicro); // 40 positions count as a hundred.
    }

    [Fact]
    public void Limits_are_order_statistics()
    {
        var scores = Enumerable.Range(1, 10_000).Select(static i => (long)i).ToArray();
        Assert.Equal(9_900, ScoreQuantiles.Warn(scores));
        var fail = ScoreQuantiles.Fail(scores)!.Value;
        Assert.InRange(fail, 9_990, 10_000);
        Assert.Equal(fail, SlowFail(scores.Length));
    }

    /// <summary>With fewer than 2,995 even the greatest says nothing of 99.9 % with a certainty of 95 %.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2_994, false)]
    [InlineData(2_995, true)]
    [InlineData(3_000, true)]
    public void Too_few_answers_give_no_limit_to_fail_by(int count, bool isEnough) => Assert.Equal(isEnough, ScoreQuantiles.Fail(new long[count]) is not null);

    [Fact]
    public void A_calibration_of_too_few_may_only_warn()
    {
        var calibrator = new ScoreCalibrator();
        Assert.Throws<InvalidOperationException>(() => calibrator.Calibrate("m", Class, Class));
        for (var i = 0; i < ScoreCalibration.LeastAnswers - 1; i++)
        {
            calibrator.Add(new CheckScores(100, 100 - (i % 3), i, 10 * i, Class));
        }

        Assert.Null(calibrator.Calibrate("m", Class, Class).Fail);
        calibrator.Add(new CheckScores(100, 100, 0, 0, Class));
        var made = calibrator.Calibrate("m", Class, Class);
        Assert.Equal((3_000, 980_000), (made.Answers, made.Warn.ExactPpm));
        Assert.True(made.Fail!.MarginMicro >= made.Warn.MarginMicro && made.Fail.TopDistanceMicro == 10 * made.Fail.MarginMicro);
    }

    // The binomial distribution, added up from the other end.
    private static long SlowFail(int n)
    {
        var (below, log) = (0.0, n * Math.Log(0.001));
        for (var r = 0; r <= n; r++)
        {
            below += Math.Exp(log);
            if (below >= 0.95)
            {
                return r + 1;
            }

            log += Math.Log((n - r) / (r + 1.0)) + Math.Log(0.999 / 0.001);
        }

        return 0;
    }

    private static CheckScores Score(float[][] executor, float[][] checker)
    {
        var settings = new SamplerSettings { Temperature = 1 };
        var job = Cid.OfBlock("job"u8);
        var (writes, builder) = (new TokenSampler(job, settings, [1]), new TokenEvidenceBuilder(new[] { 1 }, executor[0].Length));
        foreach (var logits in executor)
        {
            var token = writes.Choose(logits);
            writes.Accept(token);
            builder.Add(logits, token);
        }

        var sums = new ScoreSums(new TokenSampler(job, settings, [1]));
        var evidence = builder.Build(TokenFinish.Length);
        for (var at = 0; at < checker.Length; at++)
        {
            sums.Add(checker[at], evidence.Positions[at]);
        }

        return sums.Scores(Class);
    }
}
