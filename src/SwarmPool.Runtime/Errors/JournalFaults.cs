using SwarmPool.Protocol.Errors;
using SwarmPool.State;

namespace SwarmPool.Runtime.Errors;

/// <summary>The framework's code for each of a journal's faults: the one table.</summary>
internal static class JournalFaults
{
    /// <summary>The fault as an exception with its code.</summary>
    public static SwarmPoolException Explain(JournalException e) => new(CodeOf(e.Fault), e.Message, e);

    /// <summary>The code, by which docs/errors.md says what to do.</summary>
    public static string CodeOf(JournalFault fault) => fault switch
    {
        JournalFault.Unavailable => ErrorCodes.JournalUnreadable,
        JournalFault.Held => ErrorCodes.JournalHeld,
        JournalFault.StaleFence => ErrorCodes.LeaseLost,
        JournalFault.OtherPool => ErrorCodes.JournalOfOtherPool,
        JournalFault.Damaged => ErrorCodes.JournalDamaged,
        // The journal refused a batch and is as it was: whoever starts again reads what it really holds. Restoring a copy would be wrong.
        JournalFault.NotNext or JournalFault.NoRoom => ErrorCodes.JournalAppendFailed,
        JournalFault.NotDurable => ErrorCodes.JournalNotDurable,
        JournalFault.Exposed => ErrorCodes.JournalExposed,
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "No code is known for this fault."),
    };
}
