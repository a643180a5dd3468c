using Spectre.Console;

namespace SwarmPool.Programs.Terminals;

/// <summary>Finds out what the process's own output and error streams can show.</summary>
public static class SystemTerminal
{
    /// <summary>The console's width: lines are broken by <see cref="Terminal"/>, and the console below must never do it.</summary>
    internal const int Unbroken = 1_000_000;

    /// <summary>Standard output.</summary>
    /// <param name="writer">What writes to it.</param>
    public static Terminal Output(TextWriter writer) => Make(writer, Console.IsOutputRedirected);

    /// <summary>Standard error.</summary>
    /// <param name="writer">What writes to it.</param>
    public static Terminal Error(TextWriter writer) => Make(writer, Console.IsErrorRedirected);

    /// <summary>Whether text beyond ASCII can be shown: Windows consoles by their encoding, others by the locale.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    public static bool ShowsUnicode(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (OperatingSystem.IsWindows())
        {
            return Console.OutputEncoding.CodePage == 65001;
        }

        string[] sources = ["LC_ALL", "LC_CTYPE", "LANG"];
        var locale = sources.Select(environment).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);
    }

    private static Terminal Make(TextWriter writer, bool redirected)
    {
        var plain = redirected || Environment.GetEnvironmentVariable("TERM") == "dumb";
        var colours = !plain && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = colours ? InteractionSupport.Detect : InteractionSupport.No, // What is drawn again and again; nothing is asked.
            Out = new AnsiConsoleOutput(writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = Unbroken;
        return new Terminal(console, redirected ? int.MaxValue : Columns(), ShowsUnicode(Environment.GetEnvironmentVariable));
    }

    private static int Columns()
    {
        try
        {
            return Console.WindowWidth is > 0 and var columns ? columns : 80;
        }
        catch (IOException)
        {
            return 80; // A terminal that can't tell its size.
        }
    }
}
