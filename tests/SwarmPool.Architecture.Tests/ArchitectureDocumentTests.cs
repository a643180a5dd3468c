using System.Text.RegularExpressions;

namespace SwarmPool.Architecture.Tests;

/// <summary>docs/architecture.md tells of the code as it is, and a walk through it stays one that somebody can go in an afternoon.</summary>
public sealed partial class ArchitectureDocumentTests
{
    // Many folders use them and they use none, so the drawing leaves them out.
    private static readonly string[] NotDrawn = ["Collections", "Content", "Errors", "Scheduling"];

    private static string Document { get; } = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "architecture.md"));

    [Theory]
    [InlineData("submit to answer", 35, 3_500)]
    [InlineData("claim", 22, null)]
    [InlineData("payout to audit", 30, null)]
    public void A_walk_is_no_longer_than_somebody_goes(string walk, int mostFiles, int? mostLines)
    {
        var files = Walk(walk);
        var lines = files.Sum(static file => File.ReadAllText(Path.Combine(SourceTree.Root, file)).AsSpan().TrimEnd().Count('\n') + 1);

        Assert.True(files.Count <= mostFiles, $"{files.Count} files; {mostFiles} are allowed.");
        Assert.True(lines <= (mostLines ?? lines), $"{lines} lines; {mostLines} are allowed.");
    }

    [Theory]
    [InlineData("submit to answer")]
    [InlineData("claim")]
    [InlineData("payout to audit")]
    public void A_walk_passes_each_file_once_and_counts_them(string walk)
    {
        var files = Walk(walk);

        Assert.NotEmpty(files);
        Assert.Equal(files.Distinct(StringComparer.Ordinal), files);
        Assert.Equal(Enumerable.Range(1, files.Count), Items(walk).Select(static item => int.Parse(item.Groups["number"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(Items(walk), static item => Assert.Equal(Path.GetFileNameWithoutExtension(item.Groups["path"].Value), item.Groups["text"].Value));
    }

    [Fact]
    public void Every_link_leads_somewhere() => Assert.All(
        LinkPattern().Matches(Document).Select(static match => match.Groups["path"].Value),
        static path => Assert.True(Path.Exists(Path.Combine(SourceTree.Root, "docs", path)), path));

    [Theory]
    [InlineData("A job's life")]
    [InlineData("An epoch's life")]
    public void What_moves_a_job_or_an_epoch_are_events(string section)
    {
        var events = EventPattern().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "src/SwarmPool.Core/Pool/PoolEvent.cs")))
            .Select(static match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);
        var named = ArrowTextPattern().Matches(Drawing(section, 0)).SelectMany(static match => match.Groups["event"].Captures).Select(static capture => capture.Value).ToList();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(events, StringComparer.Ordinal));
    }

    [Fact]
    public void The_job_drawing_has_every_phase_and_no_other()
    {
        var phases = PhasePattern().Match(File.ReadAllText(Path.Combine(SourceTree.Root, "src/SwarmPool.Core/Pool/JobEntry.cs"))).Groups["phase"].Captures.Select(static capture => capture.Value);

        Assert.Equal(phases.Order(StringComparer.Ordinal), Arrows(Drawing("A job's life", 0)).SelectMany(static arrow => new[] { arrow.From, arrow.To }).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_drawing_of_the_folders_is_what_they_know() =>
        Assert.Equal(Reached(Known(static name => Below("Runtime", name)).Where(static arrow => !NotDrawn.Contains(arrow.To))), Reached(Arrows(Drawing("Who knows whom", 1))));

    [Fact]
    public void What_is_not_drawn_knows_no_other_folder() =>
        Assert.DoesNotContain(Known(static name => Below("Runtime", name)), static arrow => NotDrawn.Contains(arrow.From));

    [Fact]
    public void The_drawing_of_the_daemon_is_what_its_folders_know() =>
        Assert.Equal(Reached(Known(static name => Below("Runtime.Daemon", name))), Reached(Arrows(Drawing("Who knows whom", 2))));

    private static List<string> Walk(string walk) => [.. Items(walk).Select(static item => item.Groups["path"].Value)];

    private static MatchCollection Items(string walk) => ItemPattern().Matches(Section($"Walk: {walk}"));

    private static string Section(string heading) =>
        Document.Split("\n## ").Single(section => section.StartsWith(heading + "\n", StringComparison.Ordinal));

    private static string Drawing(string section, int number) => DrawingPattern().Matches(Section(section))[number].Groups["text"].Value;

    /// <summary>The arrows of a drawing; "A --> B &amp; C --> D" is three, and a beginning or an end is none.</summary>
    private static IEnumerable<(string From, string To)> Arrows(string drawing)
    {
        foreach (var line in drawing.Split('\n'))
        {
            var ends = line.Split(':')[0].Split("-->", StringSplitOptions.TrimEntries);
            for (var i = 1; i < ends.Length; i++)
            {
                foreach (var from in ends[i - 1].Split('&', StringSplitOptions.TrimEntries).Where(static name => name != "[*]"))
                {
                    foreach (var to in ends[i].Split('&', StringSplitOptions.TrimEntries).Where(static name => name != "[*]"))
                    {
                        yield return (from, to);
                    }
                }
            }
        }
    }

    private static IEnumerable<(string From, string To)> Known(Func<string, string?> drawn) =>
        from folder in FolderGraph.Read()
        let @from = drawn(folder.Key)
        from other in folder.Value
        let to = drawn(other)
        where @from is not null && to is not null && @from != to
        select (@from, to);

    /// <summary>The folder's name directly below another; null when it is not below it.</summary>
    private static string? Below(string parent, string name) =>
        name.StartsWith(parent + ".", StringComparison.Ordinal) ? name[(parent.Length + 1)..].Split('.')[0] : null;

    /// <summary>Who reaches whom by any number of arrows.</summary>
    private static IEnumerable<string> Reached(IEnumerable<(string From, string To)> arrows)
    {
        var all = arrows.ToHashSet();
        var more = all.Count;
        while (more > 0)
        {
            more = all.Count;
            all.UnionWith((from a in all join b in all on a.To equals b.From select (a.From, b.To)).ToList());
            more = all.Count - more;
        }

        return all.Select(static arrow => $"{arrow.From} --> {arrow.To}").Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^(?<number>\d+)\. \[(?<text>\w+)\]\(\.\./(?<path>[^)]+)\) \S", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ItemPattern();

    [GeneratedRegex(@"\]\((?<path>[^)#]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"```mermaid\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex DrawingPattern();

    [GeneratedRegex(@"^internal sealed record (?<name>\w+)[^\n]*?(\([^;]*?\))? : PoolEvent;", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex EventPattern();

    [GeneratedRegex(@"--> \S+: (?<event>[A-Z]\w+)(, (?<event>[A-Z]\w+))*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ArrowTextPattern();

    [GeneratedRegex(@"enum JobPhase\s*\{(\s*(///[^\n]*\n\s*)*(?<phase>\w+)( = 0)?,)+\s*\}", RegexOptions.ExplicitCapture)]
    private static partial Regex PhasePattern();
}
