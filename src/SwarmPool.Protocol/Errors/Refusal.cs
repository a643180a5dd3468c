namespace SwarmPool.Protocol.Errors;

/// <summary>Something from outside was refused: a named value, not an exception.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>; stable, listed in docs/errors.md.</param>
/// <param name="Reason">What happened, to which job or name, and what to do; one sentence for people.</param>
public sealed record Refusal(string Code, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {Reason}";
}
