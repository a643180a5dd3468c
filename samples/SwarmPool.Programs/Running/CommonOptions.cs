using System.CommandLine;

namespace SwarmPool.Programs.Running;

/// <summary>Options that several commands have.</summary>
public static class CommonOptions
{
    /// <summary>The name of <see cref="Verbose"/>.</summary>
    public const string VerboseName = "--verbose";

    /// <summary>Logs on standard error, and where a problem came from.</summary>
    public static Option<bool> Verbose() => new(VerboseName) { Description = "Log to standard error, and show where a problem came from." };

    /// <summary>Output for machines.</summary>
    public static Option<bool> Json(string what) => new("--json") { Description = $"Write {what} as JSON, and nothing else, to standard output." };

    /// <summary>The configuration file.</summary>
    public static Option<string?> Config(string fallback) => new("--config") { Description = $"The configuration file. Without it: {fallback}.", HelpName = "FILE" };

    /// <summary>The pool's name.</summary>
    public static Option<string?> Pool() => new("--pool") { Description = "The pool's name, e.g. swarmpool.eth.", HelpName = "NAME" };
}
