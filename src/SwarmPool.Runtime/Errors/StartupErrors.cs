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
        return [.. Single(exception).Select(Part).Select(static part => part.Code is null ? part.Text : $"{part.Code}: {part.Text}").Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The problems that an exception stands for, aggregates opened.</summary>
    internal static IEnumerable<Exception> Single(Exception exception) => exception switch
    {
        AggregateException all => all.InnerExceptions.SelectMany(Single),
        SwarmPoolException { InnerException: AggregateException all } => Single(all),
        OptionsValidationException options when options.Failures.Skip(1).Any() =>
            options.Failures.Select(failure => new OptionsValidationException(options.OptionsName, options.OptionsType, [failure])),
        _ => [exception],
    };

    /// <summary>What to say of one problem; no code where it has none of its own.</summary>
    internal static (string? Code, string Text) Part(Exception single) => single switch
    {
        SwarmPoolException one => (one.Code, one.Message),
        OptionsValidationException options => (ErrorCodes.ConfigurationInvalid, options.Message),
        TransportException transport => (ErrorCodes.TransportUnavailable, transport.Message),
        JournalException journal => (JournalFaults.CodeOf(journal.Fault), journal.Message),
        _ => (null, $"{single.GetType().Name}: {single.Message}"),
    };
}
