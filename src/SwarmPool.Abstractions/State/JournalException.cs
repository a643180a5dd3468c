namespace SwarmPool.State;

/// <summary>Why a journal could not do what was asked.</summary>
public enum JournalFault
{
    /// <summary>The store can't be reached or answered an error.</summary>
    Unavailable = 0,

    /// <summary>Another process holds the writer's lease.</summary>
    Held,

    /// <summary>The lease was taken over: this writer must stop.</summary>
    StaleFence,

    /// <summary>The batch does not follow the head.</summary>
    NotNext,

    /// <summary>The journal belongs to another pool.</summary>
    OtherPool,

    /// <summary>The journal's records don't chain, or its file is damaged.</summary>
    Damaged,

    /// <summary>No room, or not writable.</summary>
    NoRoom,

    /// <summary>The store may lose what it acknowledges, and was not allowed to.</summary>
    NotDurable,

    /// <summary>Others than the user who runs the daemon can change the journal, and that could not be taken from them.</summary>
    Exposed,
}

/// <summary>A journal could not do what was asked; <see cref="Fault"/> says why.</summary>
public sealed class JournalException : Exception
{
    /// <summary>Makes the exception.</summary>
    public JournalException(JournalFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>Why.</summary>
    public JournalFault Fault { get; }
}
