using System.Text;
using CsCheck;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Sampling;

public sealed class TokenSamplerTests
{
    private static readonly Cid Job = JobOf(0);

    private static readonly Gen<SamplerSettings> AnySettings =
        from temperature in Gen.OneOf(Gen.Const(0.0), Gen.Double[0.01, 2])
        from k in Gen.Int[1, 64]
        from p in Gen.OneOf(Gen.Const(1.0), Gen.Double[0.01, 1])
        from repetition in Gen.OneOf(Gen.Const(1.0), Gen.Double[0.5, 2])
        from presence in Gen.OneOf(Gen.Const(0.0), Gen.Double[-2, 2])
        from frequency in Gen.OneOf(Gen.Const(0.0), Gen.Double[-2, 2])
        select new SamplerSettings
        {
            Temperature = temperature,
            TopK = k,
            TopP = p,
            RepetitionPenalty = repetition,
            PresencePenalty = presence,
            FrequencyPenalty = frequency,
        };

    [Fact]
    public void The_order_in_which_logits_are_presented_does_not_matter() =>
        Gen.Select(AnySettings, Gen.Int[0, 9].Select(static logit => logit / 2f).Array[1, 150], Gen.Int[0, 1000], Gen.Int[0, 149].Array[0, 8]).Sample(static (settings, logits, seed, said) =>
        {
            var sampler = new TokenSampler(JobOf(seed), settings, [.. said.Take(3)]);
            foreach (var token in said.Skip(3))
            {
                sampler.Accept(token);
            }

            var pairs = logits.Select(static (logit, token) => new TokenLogit(token, logit)).ToArray();
            var chosen = sampler.Choose(logits);
            Assert.Equal(chosen, sampler.Choose(pairs));
            new Random(seed).Shuffle(pairs);
            Assert.Equal(chosen, sampler.Choose(pairs));
            Assert.Equal(chosen, sampler.Choose(logits));
        });

    /// <summary>A verifier that has the likeliest tokens alone chooses as who has all of them.</summary>
    [Fact]
    public void The_likeliest_tokens_suffice() =>
        Gen.Select(AnySettings.Select(static any => any with { RepetitionPenalty = 1, PresencePenalty = 0, FrequencyPenalty = 0 }), Gen.Single[-9, 9].Array[70, 300], Gen.Int[0, 1000]).Sample(static (settings, logits, seed) =>
        {
            var sampler = new TokenSampler(JobOf(seed), settings, []);
            var likeliest = logits.Select(static (logit, token) => new TokenLogit(token, logit)).OrderByDescending(static one => one.Logit).ThenBy(static one => one.Token).Take(settings.TopK).ToArray();
            Assert.Equal(sampler.Choose(logits), sampler.Choose(likeliest));
        });

    [Theory]
    [InlineData(1.0, 64, 1.0, 8)]
    [InlineData(0.7, 64, 1.0, 8)]
    [InlineData(1.0, 5, 1.0, 5)]
    [InlineData(1.0, 64, 0.8, 4)]
    [InlineData(1.5, 6, 0.9, 5)]
    public void Tokens_come_as_often_as_the_model_finds_them_likely(double temperature, int topK, double topP, int expectedKept)
    {
        float[] logits = [1.5f, -0.25f, 2f, 0.5f, 1f, -1f, 0f, -2f];
        const int Jobs = 40_000;
        var settings = new SamplerSettings { Temperature = temperature, TopK = topK, TopP = topP };
        var counts = new int[logits.Length];
        for (var i = 0; i < Jobs; i++)
        {
            var sampler = new TokenSampler(JobOf(i), settings, []);
            for (var position = i % 5; position > 0; position--)
            {
                sampler.Accept(0);
            }

            counts[sampler.Choose(logits)]++;
        }

        var kept = Enumerable.Range(0, logits.Length).OrderByDescending(token => logits[token]).Take(topK).ToList();
        var weights = kept.Select(token => Math.Exp(logits[token] / temperature)).ToList();
        var (sum, most) = (0.0, 0);
        while (most < kept.Count && sum < topP * weights.Sum())
        {
            sum += weights[most++];
        }

        Assert.Equal(expectedKept, most);
        Assert.Equal(Jobs, kept.Take(most).Sum(token => counts[token]));
        var chiSquare = Enumerable.Range(0, most).Sum(i =>
        {
            var expected = Jobs * weights[i] / sum;
            return Math.Pow(counts[kept[i]] - expected, 2) / expected;
        });

        // The 99.9 % points of chi-square with 3, 4 and 7 degrees of freedom; the seeds are fixed, so this is no matter of luck from run to run.
        var limit = most switch { 4 => 16.27, 5 => 18.47, _ => 24.32 };
        Assert.True(chiSquare < limit, $"chi-square is {chiSquare}");
    }

    [Fact]
    public void Positions_and_jobs_are_independent_of_each_other()
    {
        var same = 0;
        float[] logits = [0, 0, 0, 0];
        for (var i = 0; i < 10_000; i++)
        {
            var (sampler, other) = (new TokenSampler(JobOf(i), Chance, []), new TokenSampler(JobOf(i + 1), Chance, []));
            var first = sampler.Choose(logits);
            sampler.Accept(first);
            same += first == sampler.Choose(logits) ? 1 : 0;
            same += first == other.Choose(logits) ? 1 : 0;
        }

        Assert.InRange(same, 4_700, 5_300);
    }

    [Fact]
    public void Without_temperature_the_likeliest_is_chosen_and_of_equals_the_lowest()
    {
        var sampler = new TokenSampler(Job, new SamplerSettings(), []);
        Assert.Equal(1, sampler.Choose([0f, 3, 3, -1, 3]));
        Assert.Equal(4, sampler.Choose([new TokenLogit(9, 2), new TokenLogit(4, 2), new TokenLogit(7, 2)]));
        Assert.Equal(0, sampler.Choose([-5f]));
    }

    [Fact]
    public void Penalties_count_what_was_said()
    {
        Assert.Equal(1, Chosen(new SamplerSettings { RepetitionPenalty = 2 }, [0], [], [3f, 2, 1]));
        Assert.Equal(1, Chosen(new SamplerSettings { RepetitionPenalty = 2 }, [0], [], [-1f, -1.5f]));
        Assert.Equal(0, Chosen(new SamplerSettings { PresencePenalty = 2 }, [0], [], [3f, 2, 1]));
        Assert.Equal(1, Chosen(new SamplerSettings { PresencePenalty = 1.5 }, [], [0], [3f, 2, 1]));
        Assert.Equal(1, Chosen(new SamplerSettings { PresencePenalty = 1.5 }, [], [0, 0, 0], [3f, 2, 1.4f]));
        Assert.Equal(0, Chosen(new SamplerSettings { FrequencyPenalty = 0.5 }, [], [0], [3f, 2, 1]));
        Assert.Equal(1, Chosen(new SamplerSettings { FrequencyPenalty = 0.5 }, [], [0, 0, 0], [3f, 2, 1]));

        static int Chosen(SamplerSettings settings, int[] prompt, int[] answer, float[] logits)
        {
            var sampler = new TokenSampler(Job, settings, prompt);
            foreach (var token in answer)
            {
                sampler.Accept(token);
            }

            return sampler.Choose(logits);
        }
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "infinite")]
    [InlineData(float.NegativeInfinity, "infinite")]
    public void A_logit_that_is_no_number_is_refused_by_token_and_position(float wrong, string named)
    {
        foreach (var settings in new[] { Chance, new SamplerSettings(), new SamplerSettings { RepetitionPenalty = 1.1 } })
        {
            var sampler = new TokenSampler(Job, settings, []);
            sampler.Accept(1);
            var refused = Assert.Throws<SwarmPoolException>(() => sampler.Choose([1f, 2, wrong, 1]));
            Assert.Equal(ErrorCodes.LogitsUnusable, refused.Code);
            Assert.Contains($"position 1 of its answer: its logit of token 2 is {named}", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_logit_at_all_is_refused() =>
        Assert.Equal(ErrorCodes.LogitsUnusable, Assert.Throws<SwarmPoolException>(() => new TokenSampler(Job, Chance, []).Choose(ReadOnlySpan<float>.Empty)).Code);

    [Fact]
    public void What_is_out_of_range_is_told_all_at_once()
    {
        Assert.Empty(new SamplerSettings().Problems());
        var wrong = new SamplerSettings { Temperature = 0.001, TopK = 65, TopP = 0, RepetitionPenalty = double.NaN, PresencePenalty = -3, FrequencyPenalty = 2.1 };
        Assert.Equal(["temperature", "top_k", "top_p", "repetition_penalty", "presence_penalty", "frequency_penalty"], wrong.Problems().Select(static problem => problem.Split(':')[0]));
        Assert.Throws<ArgumentException>(() => new TokenSampler(Job, wrong, []));
        Assert.Throws<ArgumentException>(() => new TokenSampler(default, new SamplerSettings(), []));
    }

    [Fact]
    public void A_choice_allocates_nothing()
    {
        var logits = new float[32_000];
        new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(logits.AsSpan()));
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i] = float.IsFinite(logits[i]) ? Math.Clamp(logits[i], -20, 20) : 0;
        }

        var sampler = new TokenSampler(Job, new SamplerSettings { Temperature = 0.8, TopP = 0.95, RepetitionPenalty = 1.1 }, [1, 2, 3]);
        sampler.Choose(logits);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            sampler.Choose(logits);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Held to the C library's, which is right to the last place but one, over all that the sampler asks.</summary>
    [Fact]
    public void Logarithm_and_power_are_right_to_the_last_places()
    {
        Gen.Double[double.Epsilon * 0x10000000000000, 1e9].Sample(static x => Assert.Equal(1, PortableMath.Log(x) / Math.Log(x), 1e-14));
        Gen.Long[0, (1L << 52) - 1].Sample(static n =>
        {
            var u = ((2.0 * n) + 1) / Math.Pow(2, 53);
            Assert.True(Math.Abs(PortableMath.Log(u) - Math.Log(u)) <= 2 * Math.BitIncrement(Math.Abs(Math.Log(u))) * 1.2e-16);
        });
        Gen.Double[-745, 0].Sample(static x => Assert.True(Math.Abs(PortableMath.Exp(x) - Math.Exp(x)) <= (4e-16 * Math.Exp(x)) + double.Epsilon));
        foreach (var x in new[] { 1.0, 2, 0.5, Math.BitDecrement(1.0), Math.BitIncrement(1.0), 1 - Math.Pow(2, -53), Math.Pow(2, -53) })
        {
            Assert.Equal(Math.Log(x), PortableMath.Log(x), 1e-17 + (2e-16 * Math.Abs(Math.Log(x))));
        }

        Assert.Equal((1, 0), (PortableMath.Exp(0), PortableMath.Exp(-746)));
        Assert.Equal(Math.Exp(-1e-10), PortableMath.Exp(-1e-10));
    }

    private static SamplerSettings Chance { get; } = new() { Temperature = 1 };

    private static Cid JobOf(int number) => Cid.OfBlock(Encoding.UTF8.GetBytes($"job {number}"));
}
