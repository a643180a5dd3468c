using System.Text.RegularExpressions;

namespace SwarmPool.Architecture.Tests;

/// <summary>Rules about one file's text. Each says what breaks it, as "path(line): text"; comments don't count.</summary>
internal static partial class SourceRules
{
    public const int MostLines = 400;

    /// <summary>What would escape the injected scheduler or clock.</summary>
    public static IEnumerable<string> EscapesScheduler(SourceFile file) => Lines(file, EscapePattern());

    /// <summary>The plugin loader's name; only one file may know it.</summary>
    public static IEnumerable<string> MentionsLoader(SourceFile file) => Lines(file, LoaderPattern());

    /// <summary>What makes a file or folder, with whatever rights the process's umask leaves to others.</summary>
    public static IEnumerable<string> MakesFiles(SourceFile file) => Lines(file, FilePattern());

    /// <summary>What reads a text or JSON without asking whether it is a text: wrong bytes become other characters, and half a character a fault.</summary>
    public static IEnumerable<string> ReadsTexts(SourceFile file) => Lines(file, TextPattern());

    /// <summary>A plugin's assembly or namespace by name. (The contracts' own namespace is SwarmPool.Plugins, without more.)</summary>
    public static IEnumerable<string> NamesPlugin(SourceFile file) => Lines(file, PluginPattern());

    /// <summary>The runtime, in a plugin's source or project.</summary>
    public static IEnumerable<string> NamesRuntime(SourceFile file) => Lines(file, RuntimePattern());

    /// <summary>A project reference other than to the contracts.</summary>
    public static IEnumerable<string> RefersBeyondAbstractions(SourceFile project) =>
        ReferencePattern().Matches(project.Text)
            .Select(match => match.Groups["path"].Value.Replace('\\', '/'))
            .Where(path => Path.GetFileName(path) != "SwarmPool.Abstractions.csproj")
            .Select(path => $"{project.Path}: {path}");

    public static IEnumerable<string> TooLong(SourceFile file)
    {
        var lines = file.Text.AsSpan().TrimEnd().Count('\n') + 1;
        return lines > MostLines ? [$"{file.Path}: {lines} lines"] : [];
    }

    /// <summary>The event ids of a source file's <c>[LoggerMessage]</c> attributes.</summary>
    public static IEnumerable<int> EventIds(SourceFile file) =>
        EventPattern().Matches(file.Text).Select(match => int.Parse(match.Groups["id"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));

    private static IEnumerable<string> Lines(SourceFile file, Regex pattern) =>
        file.Text.Split('\n')
            .Select((line, index) => (Code: WithoutComment(line), Number: index + 1))
            .Where(line => pattern.IsMatch(line.Code))
            .Select(line => $"{file.Path}({line.Number}): {line.Code.Trim()}");

    private static string WithoutComment(string line)
    {
        var comment = line.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 || line[..comment].EndsWith(':') ? line : line[..comment];
    }

    // A delay is bare when nothing on its line hands it a clock: the banned-symbol analyzer sees the overloads, this the intent.
    [GeneratedRegex(@"\bTask\.Run\b|\bnew Thread\(|\bConfigureAwait\(false\)|\bTask\.Delay\((?!.*(?:[Tt]ime|[Cc]lock))|:\s*BackgroundService\b|\bPeriodicTimer\((?!.*(?:[Tt]ime|[Cc]lock))", RegexOptions.ExplicitCapture)]
    private static partial Regex EscapePattern();

    // A temporary folder of the system's is its maker's alone already.
    [GeneratedRegex(@"\bFile\.(?:Create|CreateText|Append\w*|Write\w*|OpenWrite|Open|OpenHandle|Copy)\(|\bDirectory\.CreateDirectory\(|\bnew (?:FileStream|StreamWriter)\((?!handle|.*\bFileMode\.Open\b)|\bFileMode\.(?!Open\b)|:\s*FileStream\((?!path, OwnFile\.)|\bGetTempFileName\(", RegexOptions.ExplicitCapture)]
    private static partial Regex FilePattern();

    [GeneratedRegex(@"\bFile\.(?:ReadAllText|ReadAllLines|ReadLines|OpenText)(?:Async)?\(|\bnew StreamReader\(|\bJsonDocument\.Parse(?:Async)?\(|\bJsonNode\.Parse\(", RegexOptions.ExplicitCapture)]
    private static partial Regex TextPattern();

    [GeneratedRegex("McMaster|PluginLoader", RegexOptions.ExplicitCapture)]
    private static partial Regex LoaderPattern();

    [GeneratedRegex(@"\bSwarmPool\.Plugins\.[A-Z]\w*(?=[;.""/\\])", RegexOptions.ExplicitCapture)]
    private static partial Regex PluginPattern();

    [GeneratedRegex(@"\bSwarmPool\.Runtime\b", RegexOptions.ExplicitCapture)]
    private static partial Regex RuntimePattern();

    [GeneratedRegex("<ProjectReference\\s[^>]*Include=\"(?<path>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex ReferencePattern();

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId\s*=\s*)?(?<id>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex EventPattern();
}
