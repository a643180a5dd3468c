namespace SwarmPool.Architecture.Tests;

/// <summary>The rules catch what they are for, and nothing else: a rule that can't fail guards nothing.</summary>
public sealed class SourceRulesTests
{
    [Theory]
    [InlineData("await Task.Run(() => 1);")]
    [InlineData("var t = new Thread(Go);")]
    [InlineData("await x.ConfigureAwait(false);")]
    [InlineData("await Task.Delay(interval, cancellationToken);")]
    [InlineData("sealed class X : BackgroundService")]
    public void What_escapes_the_scheduler_is_seen(string line) => Assert.Single(SourceRules.EscapesScheduler(File(line)));

    [Theory]
    [InlineData("await Task.Delay(interval, timeProvider, cancellationToken);")]
    [InlineData("await Task.Delay(wait, clock, stop);")]
    [InlineData("// no Task.Run here: it would leave the scheduler")]
    public void What_stays_on_it_is_not(string line) => Assert.Empty(SourceRules.EscapesScheduler(File(line)));

    [Theory]
    [InlineData("File.WriteAllText(path, text);")]
    [InlineData("await File.WriteAllBytesAsync(path, bytes, stop);")]
    [InlineData("using var file = File.Create(path);")]
    [InlineData("Directory.CreateDirectory(folder);")]
    [InlineData("using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);")]
    [InlineData("using var writer = new StreamWriter(path);")]
    [InlineData("File.Open(path, FileMode.OpenOrCreate).Dispose();")]
    [InlineData("sealed class X(string path) : FileStream(path, FileMode.Create)")]
    public void What_makes_a_file_is_seen(string line) => Assert.Single(SourceRules.MakesFiles(File(line)));

    [Theory]
    [InlineData("OwnFile.Write(path, text);")]
    [InlineData("using var look = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);")]
    [InlineData("sealed class X(string path) : FileStream(path, OwnFile.ToCreate())")]
    [InlineData("var folder = Directory.CreateTempSubdirectory(\"x-\");")]
    [InlineData("// File.WriteAllText(path, text) would leave it to the umask")]
    public void What_makes_none_is_not(string line) => Assert.Empty(SourceRules.MakesFiles(File(line)));

    [Theory]
    [InlineData("var text = File.ReadAllText(path, Encoding.UTF8);")]
    [InlineData("var line = File.ReadLines(path).First();")]
    [InlineData("using var reader = new StreamReader(file);")]
    [InlineData("using var document = JsonDocument.Parse(bytes, Strict);")]
    public void What_reads_a_text_is_seen(string line) => Assert.Single(SourceRules.ReadsTexts(File(line)));

    [Theory]
    [InlineData("using var document = TextFile.ParseJson(bytes, Strict);")]
    [InlineData("var bytes = File.ReadAllBytes(path);")]
    [InlineData("// JsonDocument.Parse(bytes) would take half a character")]
    public void What_reads_bytes_is_not(string line) => Assert.Empty(SourceRules.ReadsTexts(File(line)));

    [Fact]
    public void Names_that_must_not_be_known_are_seen()
    {
        Assert.Single(SourceRules.MentionsLoader(File("using McMaster.NETCore.Plugins;")));
        Assert.Single(SourceRules.NamesPlugin(File("using SwarmPool.Plugins.Embedded;")));
        Assert.Single(SourceRules.NamesPlugin(File("var name = \"SwarmPool.Plugins.Ipfs\";")));
        Assert.Empty(SourceRules.NamesPlugin(File("using SwarmPool.Plugins;")));
        Assert.Single(SourceRules.NamesRuntime(File("using SwarmPool.Runtime.Pool;")));
        Assert.Single(SourceRules.RefersBeyondAbstractions(File("<ProjectReference Include=\"../../src/SwarmPool.Runtime/SwarmPool.Runtime.csproj\" />")));
        Assert.Empty(SourceRules.RefersBeyondAbstractions(File("<ProjectReference Include=\"..\\SwarmPool.Abstractions\\SwarmPool.Abstractions.csproj\" />")));
    }

    [Fact]
    public void A_file_may_have_as_many_lines_as_the_limit_and_no_more()
    {
        Assert.Empty(SourceRules.TooLong(File(string.Concat(Enumerable.Repeat("x\n", SourceRules.MostLines)))));
        Assert.Single(SourceRules.TooLong(File(string.Concat(Enumerable.Repeat("x\n", SourceRules.MostLines + 1)))));
    }

    [Fact]
    public void Event_ids_are_read_in_either_form() =>
        Assert.Equal([7, 8, 9], SourceRules.EventIds(File("[LoggerMessage(7, x)]\n[LoggerMessage(EventId = 8)]\n[LoggerMessage(\n    9,")));

    private static SourceFile File(string text) => new("sample.cs", text);
}
