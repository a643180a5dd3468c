using SwarmPool.Protocol.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Sampling;

/// <summary>
/// Chooses the tokens of an answer from a model's logits, by the rule <c>SPS1</c> (docs/sampling.md): whoever has the signed job and the
/// same logits chooses the same tokens, on any machine.
/// </summary>
/// <remarks>
/// Deterministic: no clock, no other chance than <see cref="SamplingNoise"/>, arithmetic in IEEE doubles in a stated order. Not thread-safe;
/// one for each answer. A choice allocates nothing.
/// </remarks>
public sealed partial class TokenSampler
{
    private readonly SamplerSettings settings;
    private readonly byte[] noise;
    private readonly Dictionary<int, int>? said;
    private Candidates candidates;

    /// <summary>Begins an answer.</summary>
    /// <param name="job">The job that is answered; its CID is the seed.</param>
    /// <param name="settings">How to choose.</param>
    /// <param name="prompt">The prompt's tokens, for the penalty on repetition.</param>
    /// <exception cref="ArgumentException">The job is <c>default</c>, or a setting is out of range; the message says which.</exception>
    public TokenSampler(Cid job, SamplerSettings settings, ReadOnlySpan<int> prompt)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(settings));
        }

        this.settings = settings;
        noise = SamplingNoise.BeginOf(job);
        candidates = new Candidates(Math.Min(settings.TopK, SamplerSettings.MostCandidates));
        if (settings.HasPenalties)
        {
            said = [];
            foreach (var token in prompt)
            {
                said[token] = 0;
            }
        }
    }

    /// <summary>How many tokens the answer has so far: the position of the next.</summary>
    public int Position { get; private set; }

    /// <summary>The next token, by the logits of the whole vocabulary; the index is the token. Changes nothing.</summary>
    /// <exception cref="SwarmPoolException">SP5105: there is no logit, or one is NaN or infinite; the message says which.</exception>
    public int Choose(ReadOnlySpan<float> logits)
    {
        candidates.Clear();
        for (var token = 0; token < logits.Length; token++)
        {
            Consider(token, logits[token]);
        }

        return Decide();
    }

    /// <summary>The next token, by some tokens' logits in any order: those of the likeliest suffice. Changes nothing.</summary>
    /// <param name="logits">Each token once.</param>
    /// <exception cref="SwarmPoolException">SP5105: there is no logit, or one is NaN or infinite; the message says which.</exception>
    public int Choose(ReadOnlySpan<TokenLogit> logits)
    {
        candidates.Clear();
        foreach (var (token, logit) in logits)
        {
            Consider(token, logit);
        }

        return Decide();
    }

    /// <summary>Puts a token behind the answer: the one that was chosen, or the one that somebody says was.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The token is negative.</exception>
    public void Accept(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        Position++;
        if (said is not null)
        {
            said[token] = said.GetValueOrDefault(token) + 1;
        }
    }

    private void Consider(int token, float logit)
    {
        if (!float.IsFinite(logit))
        {
            throw Unusable($"its logit of token {token} is {(float.IsNaN(logit) ? "NaN" : "infinite")}");
        }

        candidates.Add(token, Considered(token, logit));
    }

    // What the choice is made by: after penalties and temperature.
    private double Considered(int token, double logit)
    {
        var value = logit;
        if (said is not null && said.TryGetValue(token, out var times))
        {
            value = value > 0 ? value / settings.RepetitionPenalty : value * settings.RepetitionPenalty;
            value -= times * settings.FrequencyPenalty;
            value -= times > 0 ? settings.PresencePenalty : 0;
        }

        return settings.Temperature == 0 ? value : value / settings.Temperature;
    }

    private int Decide()
    {
        if (candidates.Count == 0)
        {
            throw Unusable("it gave no logit");
        }

        if (settings.Temperature == 0)
        {
            return candidates[0].Token;
        }

        var kept = Kept();
        var (best, chosen) = (double.NegativeInfinity, 0);
        for (var i = 0; i < kept; i++)
        {
            var (token, value) = candidates[i];
            var score = value + SamplingNoise.Gumbel(noise, Position, token);
            if (score > best || (score == best && token < chosen))
            {
                (best, chosen) = (score, token);
            }
        }

        return chosen;
    }

    // As few of the likeliest as have the wanted part of what all candidates have together.
    private int Kept()
    {
        if (settings.TopP >= 1)
        {
            return candidates.Count;
        }

        Span<double> weights = stackalloc double[SamplerSettings.MostCandidates];
        var total = 0.0;
        for (var i = 0; i < candidates.Count; i++)
        {
            weights[i] = PortableMath.Exp(candidates[i].Value - candidates[0].Value);
            total += weights[i];
        }

        var (kept, sum, wanted) = (0, 0.0, settings.TopP * total);
        do
        {
            sum += weights[kept++];
        }
        while (sum < wanted && kept < candidates.Count);

        return kept;
    }

    private SwarmPoolException Unusable(string why) => new(
        ErrorCodes.LogitsUnusable, new Refusal(ErrorCodes.LogitsUnusable, $"The model can't be used at position {Position} of its answer: {why}.").ToString());
}

/// <summary>A token and what a model gives for it.</summary>
/// <param name="Token">The token; 0 or more.</param>
/// <param name="Logit">Its logit.</param>
public readonly record struct TokenLogit(int Token, float Logit);
