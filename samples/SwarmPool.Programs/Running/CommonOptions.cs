using System.CommandLine;
using System.Globalization;

namespace SwarmPool.Programs.Running;

/// <summary>Options that several commands have.</summary>
public static class CommonOptions
{
    /// <summary>The name of <see cref="Verbose"/>.</summary>
    public const string VerboseName = "--verbose";

    private const int MostSeconds = 1_000_000; // A timer takes no more than 49 days.

    /// <summary>The name of <see cref="Json"/>.</summary>
    public const string JsonName = "--json";

    /// <summary>Logs on standard error, and where a problem came from.</summary>
    public static Option<bool> Verbose() => new(VerboseName) { Description = "Log to standard error, and show where a problem came from." };

    /// <summary>Output for machines.</summary>
    public static Option<bool> Json(string what) => new(JsonName) { Description = $"Write {what} as JSON, and nothing else, to standard output." };

    /// <summary>The configuration file.</summary>
    public static Option<string?> Config(string fallback) => new("--config") { Description = $"The configuration file. Without it: {fallback}.", HelpName = "FILE" };

    /// <summary>The pool's name.</summary>
    public static Option<string?> Pool() => new("--pool") { Description = "The pool's name, e.g. swarmpool.eth.", HelpName = "NAME" };

    /// <summary>The most seconds that the command takes, from 1.</summary>
    /// <param name="description">What comes of it, and what counts without it.</param>
    public static Option<int?> Timeout(string description)
    {
        var option = new Option<int?>("--timeout") { Description = description, HelpName = "SECONDS" };
        option.Validators.Add(static result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < 1 or > MostSeconds))
            {
                result.AddError($"--timeout has to be from 1 to {MostSeconds} seconds.");
            }
        });
        return option;
    }
}
