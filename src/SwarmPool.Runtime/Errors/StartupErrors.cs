using Microsoft.Extensions.Options;
using SwarmPool.Protocol.Errors;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Errors;

/// <summary>Turns what building or starting a host threw into lines for a person.</summary>
/// <remarks>Thread-safe; pure.</remarks>
public static class StartupErrors
{
    /// <summary>
    /// One line a problem, each with its code where it has one: "SP1104: The transport slot is empty …". Aggregates are
    /// opened, an invalid section of options gives a line a failure, and nothing is said twice.
    /// </summary>
    /// <param name="exception">What was thrown by composing, building, starting or running.</param>
    public static IReadOnlyList<string> Describe(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return [.. Lines(exception).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Lines(Exception exception) => exception switch
    {
        AggregateException all => all.InnerExceptions.SelectMany(Lines),
        SwarmPoolException { InnerException: AggregateException all } => Lines(all),
        SwarmPoolException one => [$"{one.Code}: {one.Message}"],
        OptionsValidationException options => options.Failures.Select(failure => $"{ErrorCodes.ConfigurationInvalid}: {failure}"),
        TransportException transport => [$"{ErrorCodes.TransportUnavailable}: {transport.Message}"],
        JournalException journal => [$"{CodeOf(journal.Fault)}: {journal.Message}"],
        _ => [$"{exception.GetType().Name}: {exception.Message}"],
    };

    internal static string CodeOf(JournalFault fault) => fault switch
    {
        JournalFault.Held => ErrorCodes.JournalHeld,
        JournalFault.StaleFence => ErrorCodes.LeaseLost,
        JournalFault.OtherPool => ErrorCodes.JournalOfOtherPool,
        JournalFault.Damaged => ErrorCodes.JournalDamaged,
        JournalFault.NoRoom or JournalFault.NotNext => ErrorCodes.JournalAppendFailed,
        JournalFault.NotDurable => ErrorCodes.JournalNotDurable,
        _ => ErrorCodes.JournalUnreadable,
    };
}
