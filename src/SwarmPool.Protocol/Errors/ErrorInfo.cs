namespace SwarmPool.Protocol.Errors;

/// <summary>One of <see cref="ErrorCodes"/>, for people.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ErrorInfo
{
    internal ErrorInfo(string code, string name, string meaning, string advice, int exitCode) =>
        (Code, Name, Meaning, Advice, ExitCode) = (code, name, meaning, advice, exitCode);

    /// <summary>The code, e.g. "SP3106".</summary>
    public string Code { get; }

    /// <summary>The constant's name, e.g. "CoolDown".</summary>
    public string Name { get; }

    /// <summary>What happened.</summary>
    public string Meaning { get; }

    /// <summary>What to do.</summary>
    public string Advice { get; }

    /// <summary>What a program exits with that this ends: 3 to 9.</summary>
    public int ExitCode { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Code} {Name}: {Meaning} {Advice}";
}

/// <summary>The codes that are about one thing.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ErrorArea
{
    internal ErrorArea(string title, string? note, IReadOnlyList<ErrorInfo> errors) => (Title, Note, Errors) = (title, note, errors);

    /// <summary>What they are about.</summary>
    public string Title { get; }

    /// <summary>What holds for several of them; null when there is nothing to say.</summary>
    public string? Note { get; }

    /// <summary>The codes, in order.</summary>
    public IReadOnlyList<ErrorInfo> Errors { get; }
}
