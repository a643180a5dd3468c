namespace SwarmPool.Protocol.Sampling;

/// <content>Whether a token that somebody says was chosen was.</content>
public sealed partial class TokenSampler
{
    /// <summary>
    /// How far a token is from being chosen, by the logits of the whole vocabulary: how much greater its logit would have to be. 0 for the one that is
    /// chosen (and for one that is as good); infinite for one that is not chosen among. Changes nothing.
    /// </summary>
    /// <param name="logits">As of <see cref="Choose(ReadOnlySpan{float})"/>.</param>
    /// <param name="token">The token; one of the vocabulary.</param>
    /// <param name="isChosen">Whether it is what <see cref="Choose(ReadOnlySpan{float})"/> gives.</param>
    /// <exception cref="Errors.SwarmPoolException">SP5105: there is no logit, or one is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The vocabulary has no such token.</exception>
    public double MarginOf(ReadOnlySpan<float> logits, int token, out bool isChosen)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, logits.Length);
        var chosen = Choose(logits);
        isChosen = chosen == token;
        if (isChosen)
        {
            return 0;
        }

        if (settings.Temperature == 0)
        {
            return candidates[0].Value - Considered(token, logits[token]);
        }

        var kept = Kept();
        var (best, own) = (double.NegativeInfinity, double.NegativeInfinity);
        for (var i = 0; i < kept; i++)
        {
            var (candidate, value) = candidates[i];
            var score = value + SamplingNoise.Gumbel(noise, Position, candidate);
            best = Math.Max(best, score);
            own = candidate == token ? score : own;
        }

        return (best - own) * settings.Temperature;
    }

    /// <summary>
    /// Whether a token can have been chosen, by the logits of a few: the likeliest, before penalties, and its own. What is not stated is taken for
    /// whatever favours it most: so it is never false for the one that was chosen, and not always for another. Changes nothing.
    /// </summary>
    /// <param name="stated">Each token once, the likelier first; the last may be the token itself, less likely than the others.</param>
    /// <param name="token">The token; one of those.</param>
    /// <param name="slack">What the stated logits may be wrong by, each against each.</param>
    /// <exception cref="ArgumentException">The token isn't among them, or the slack is negative.</exception>
    public bool CanChoose(ReadOnlySpan<TokenLogit> stated, int token, double slack)
    {
        if (!(slack >= 0))
        {
            throw new ArgumentException("The slack is 0 or more.", nameof(slack));
        }

        // A penalty on repetition stretches what a logit is wrong by.
        slack *= Math.Max(settings.RepetitionPenalty, 1 / settings.RepetitionPenalty);
        slack = settings.Temperature == 0 ? slack : slack / settings.Temperature;
        var values = new double[stated.Length];
        var at = -1;
        for (var i = 0; i < stated.Length; i++)
        {
            values[i] = Considered(stated[i].Token, stated[i].Logit);
            at = stated[i].Token == token ? i : at;
        }

        if (at < 0)
        {
            throw new ArgumentException("The token is none of those that are stated.", nameof(token));
        }

        // No token that isn't stated has more, unless what was said before can raise one.
        var isRaised = settings.RepetitionPenalty < 1 || settings.PresencePenalty < 0 || settings.FrequencyPenalty < 0;
        var last = at == stated.Length - 1 && stated.Length > 1 ? stated.Length - 2 : stated.Length - 1;
        var unstated = isRaised ? double.PositiveInfinity : stated[last].Logit / (settings.Temperature == 0 ? 1.0 : settings.Temperature);
        return settings.Temperature == 0
            ? Array.TrueForAll(values, value => value <= values[at] + slack)
            : new StatedChoice(values, unstated, slack, Math.Min(settings.TopK, SamplerSettings.MostCandidates), settings.TopP).CanWin(
                at, Array.ConvertAll(stated.ToArray(), one => SamplingNoise.Gumbel(noise, Position, one.Token)));
    }
}
