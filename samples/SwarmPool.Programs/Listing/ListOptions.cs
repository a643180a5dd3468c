using System.CommandLine;
using System.Globalization;
using SwarmPool.Identity;
using SwarmPool.Programs.Composing;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Listing;

namespace SwarmPool.Programs.Listing;

/// <summary>The options that all lists have: <c>--since</c>, <c>--until</c> and <c>--limit</c>.</summary>
public sealed class ListOptions
{
    private const int DefaultLimit = 50;

    private static readonly string[] Forms =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFF",
        "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'",
    ];

    private readonly Option<string?> since;
    private readonly Option<string?> until;
    private readonly Option<int?> limit;

    /// <summary>Makes the options.</summary>
    /// <param name="what">What the times are of, e.g. "accepted".</param>
    /// <param name="shown">What is limited, e.g. "jobs".</param>
    public ListOptions(string what, string shown)
    {
        since = Time("--since", $"Only those {what} then or later: 2026-11-30 or 2026-11-30T14:00:00Z, UTC.");
        until = Time("--until", $"Only those {what} before then.");
        limit = new Option<int?>("--limit") { Description = $"Show so many {shown} at most, the newest; the rest is counted. Without it: {DefaultLimit}.", HelpName = "COUNT" };
        limit.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > ListRange.MostItems))
            {
                result.AddError($"--limit has to be from 1 to {ListRange.MostItems}.");
            }
        });
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Add(since);
        command.Add(until);
        command.Add(limit);
    }

    /// <summary>What the command line asks for.</summary>
    public ListRange Read(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return new ListRange { SinceMs = Ms(parsed.GetValue(since)), UntilMs = Ms(parsed.GetValue(until)), Limit = parsed.GetValue(limit) ?? DefaultLimit };
    }

    /// <summary>An option that takes one of an enumeration's values, in lower case.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    public static Option<string?> OneOf<T>(string name, string description)
        where T : struct, Enum
    {
        string[] values = [.. Enum.GetNames<T>().Select(static value => value.ToLowerInvariant())];
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', values) };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !values.Contains(result.Tokens[0].Value, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"{name} has to be {string.Join(", ", values[..^1])} or {values[^1]}, not '{result.Tokens[0].Value}'.{NearestName.Hint(result.Tokens[0].Value, values)}");
            }
        });
        return option;
    }

    /// <summary>The value of an option made by <see cref="OneOf"/>.</summary>
    public static T? Value<T>(ParseResult parsed, Option<string?> option)
        where T : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(option);
        return parsed.GetValue(option) is { } typed ? Enum.Parse<T>(typed, ignoreCase: true) : null;
    }

    /// <summary>An option that takes a name.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    public static Option<string?> Name(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "NAME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !EnsName.TryParse(result.Tokens[0].Value, out _, out var reason))
            {
                result.AddError($"{name}: {reason}.{NameHints.Of(result.Tokens[0].Value)}");
            }
        });
        return option;
    }

    /// <summary>The value of an option made by <see cref="Name(string, string)"/>.</summary>
    public static EnsName? Name(ParseResult parsed, Option<string?> option)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(option);
        return parsed.GetValue(option) is { } typed ? EnsName.Parse(typed) : null;
    }

    private static Option<string?> Time(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !TryRead(result.Tokens[0].Value, out _))
            {
                result.AddError($"{name} has to be a day or a time in UTC, like 2026-11-30 or 2026-11-30T14:00:00Z, not '{result.Tokens[0].Value}'.");
            }
        });
        return option;
    }

    private static long? Ms(string? typed) => typed is not null && TryRead(typed, out var time) ? time.ToUnixTimeMilliseconds() : null;

    private static bool TryRead(string typed, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(typed, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
