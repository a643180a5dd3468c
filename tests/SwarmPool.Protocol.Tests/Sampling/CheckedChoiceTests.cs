using CsCheck;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Sampling;

/// <summary>Whether a token that somebody says was chosen was: never denied of the one that was, and denied of one that loses by more than rounding.</summary>
public sealed class CheckedChoiceTests
{
    private const double Slack = 2.0 / TokenLogProb.Scale;

    private static Gen<SamplerSettings> Settings { get; } = Gen.Select(
        Pick(0.0, 0.01, 0.7, 1.0, 2.0), Gen.Int[1, 64], Pick(1.0, 0.9, 0.5, 0.05), Pick(1.0, 1.3, 0.5, 2.0), Pick(0.0, 1.5, -1.5), Pick(0.0, 0.5, -2.0),
        (temperature, topK, topP, repetition, presence, frequency) => new SamplerSettings
        {
            Temperature = temperature,
            TopK = topK,
            TopP = topP,
            RepetitionPenalty = repetition,
            PresencePenalty = presence,
            FrequencyPenalty = frequency,
        });

    /// <summary>An honest answer passes whatever the job asks for: of any vocabulary, with any penalties, from what evidence states of the logits.</summary>
    [Fact]
    public void The_token_that_was_chosen_can_have_been() => Gen.Select(Settings, Gen.Int[1, 200], Gen.UInt, Gen.Double[0.1, 8]).Sample((settings, vocabulary, seed, spread) =>
    {
        var random = new Random((int)seed);
        var job = Cid.OfBlock(BitConverter.GetBytes(seed));
        int[] prompt = [random.Next(vocabulary), random.Next(vocabulary)];
        var (honest, check) = (new TokenSampler(job, settings, prompt), new TokenSampler(job, settings, prompt));
        var builder = new TokenEvidenceBuilder(prompt, vocabulary);
        var logits = new float[vocabulary];
        for (var at = 0; at < 6; at++)
        {
            for (var i = 0; i < logits.Length; i++)
            {
                logits[i] = (float)((random.NextDouble() - 0.5) * 4 * spread);
            }

            var chosen = honest.Choose(logits);
            honest.Accept(chosen);
            builder.Add(logits, chosen);
            Assert.Equal(0, check.MarginOf(logits, chosen, out var isChosen));
            Assert.True(isChosen);
            var position = builder.Build(TokenFinish.Length).Positions[at];
            Assert.True(check.CanChoose(Stated(position), chosen, Slack), $"{settings} position {at}");
            check.Accept(chosen);
        }
    }, iter: 3_000);

    [Fact]
    public void A_token_that_loses_by_far_can_not()
    {
        var job = Cid.OfBlock("job"u8);
        TokenLogit[] stated = [new(5, 3), new(9, 1), new(2, 0)];
        Assert.True(new TokenSampler(job, new SamplerSettings(), []).CanChoose(stated, 5, Slack));
        Assert.False(new TokenSampler(job, new SamplerSettings(), []).CanChoose(stated, 9, Slack));
        var warm = new TokenSampler(job, new SamplerSettings { Temperature = 1 }, []);
        Assert.Equal(1, stated.Count(one => warm.CanChoose(stated, one.Token, Slack)));
    }

    /// <summary>Of many positions nearly each wrong token is denied: what is let through is within rounding, or could not be known.</summary>
    [Fact]
    public void Of_the_tokens_that_were_not_chosen_nearly_none_can_have_been()
    {
        var random = new Random(7);
        var (wrong, let) = (0, 0);
        for (var round = 0; round < 2_000; round++)
        {
            var sampler = new TokenSampler(Cid.OfBlock(BitConverter.GetBytes(round)), new SamplerSettings { Temperature = 0.8, TopP = 0.95, TopK = 40 }, []);
            var logits = Enumerable.Range(0, 500).Select(_ => (float)(random.NextDouble() * 12)).ToArray();
            var chosen = sampler.Choose(logits);
            var other = (chosen + 1 + random.Next(498)) % 500;
            var builder = new TokenEvidenceBuilder(new int[] { 1 }, 500);
            builder.Add(logits, other);
            wrong++;
            let += sampler.CanChoose(Stated(builder.Build(TokenFinish.Length).Positions[0]), other, Slack) ? 1 : 0;
        }

        Assert.InRange(let, 0, wrong / 100);
    }

    [Fact]
    public void A_margin_is_what_a_logit_lacks()
    {
        var sampler = new TokenSampler(Cid.OfBlock("job"u8), new SamplerSettings(), []);
        Assert.Equal(2.5, sampler.MarginOf([1, 3.5f, 2], 0, out var isChosen));
        Assert.False(isChosen);
        Assert.Equal(0, sampler.MarginOf([3.5f, 3.5f, 2], 1, out isChosen)); // As good, and not the lowest.
        Assert.False(isChosen);
        var narrow = new TokenSampler(Cid.OfBlock("job"u8), new SamplerSettings { Temperature = 1, TopK = 1 }, []);
        Assert.Equal(double.PositiveInfinity, narrow.MarginOf([1, 3.5f, 2], 0, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => narrow.MarginOf([1, 3.5f, 2], 3, out _));
        Assert.Throws<ArgumentException>(() => narrow.CanChoose([new TokenLogit(1, 0)], 2, Slack));
    }

    private static Gen<T> Pick<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(at => of[at]);

    private static TokenLogit[] Stated(EvidencePosition position)
    {
        var stated = position.Top.ToArray().Append(position.Chosen).Distinct();
        return [.. stated.Select(one => new TokenLogit(one.Token, (one.LogProb + position.LogSum) / (float)TokenLogProb.Scale))];
    }
}
