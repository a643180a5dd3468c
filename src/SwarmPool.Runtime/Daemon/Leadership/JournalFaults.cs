using SwarmPool.Protocol.Errors;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Leadership;

/// <summary>A journal's fault with the framework's code.</summary>
internal static class JournalFaults
{
    public static SwarmPoolException Explain(JournalException e) => new(
        e.Fault switch
        {
            JournalFault.Held => ErrorCodes.JournalHeld,
            JournalFault.StaleFence => ErrorCodes.LeaseLost,
            JournalFault.OtherPool => ErrorCodes.JournalOfOtherPool,
            JournalFault.Damaged or JournalFault.NotNext => ErrorCodes.JournalDamaged,
            JournalFault.NoRoom => ErrorCodes.JournalAppendFailed,
            JournalFault.NotDurable => ErrorCodes.JournalNotDurable,
            _ => ErrorCodes.JournalUnreadable,
        },
        e.Message,
        e);
}
