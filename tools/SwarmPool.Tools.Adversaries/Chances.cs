namespace SwarmPool.Tools.Adversaries;

/// <summary>What is taken for granted of answers of tokens, which are scored: the limits are made so (docs/verification.md).</summary>
internal static class Chances
{
    /// <summary>How many honest answers fail, of a million: the limit is above what 99.9 % score.</summary>
    public const int HonestFailPpm = 1_000;

    /// <summary>How many answers by other weights pass, of a million.</summary>
    public const int MissedPpm = 100_000;

    /// <summary>Tokens of an answer.</summary>
    public const int Positions = 100;
}
