namespace SwarmPool.Programs.Terminals;

/// <summary>What a line means. Colour only repeats what the words and marks say already.</summary>
public enum Tone
{
    /// <summary>Nothing special.</summary>
    Plain = 0,

    /// <summary>A headline.</summary>
    Strong,

    /// <summary>It went well.</summary>
    Good,

    /// <summary>It needs a look.</summary>
    Warn,

    /// <summary>It went wrong.</summary>
    Bad,

    /// <summary>Beside the point.</summary>
    Dim,
}
