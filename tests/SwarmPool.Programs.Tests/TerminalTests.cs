using CsCheck;
using Spectre.Console.Testing;
using SwarmPool.Programs.Terminals;
using SwarmPool.Programs.Tests.Support;

namespace SwarmPool.Programs.Tests;

public sealed class TerminalTests
{
    private static readonly Gen<string> Words = Gen.String[Gen.Char["abc…✓"], 1, 30].Array[1, 12].Select(words => string.Join(' ', words));

    [Fact]
    public void Lines_break_between_words_only()
    {
        Gen.Select(Words, Gen.Int[20, 80]).Sample((text, width) =>
        {
            using var world = new World(width);
            world.Context.Screen.Line(text);
            var lines = world.Screen.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(text.Split(' '), lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            Assert.All(lines, line => Assert.True(line.Length <= width || !line.Trim().Contains(' ', StringComparison.Ordinal), line));
        }, iter: 300);
    }

    [Fact]
    public void Without_utf8_everything_is_ascii()
    {
        using var world = new World(unicode: false);
        world.Context.Screen.Line("✓ done → bafkrei…7xq2ma — ok");
        world.Context.Screen.Box("TITLE…", [("A:", "✗"), ("", "• point")]);
        Assert.True(System.Text.Ascii.IsValid(world.Screen), world.Screen);
        Assert.StartsWith("+ done -> bafkrei..7xq2ma - ok", world.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bar_is_drawn_where_a_line_can_be_drawn_again()
    {
        using var console = new TestConsole();
        var terminal = new Terminal(console, 80, unicode: true);
        Assert.False(terminal.IsLive);
        console.Profile.Capabilities.Interactive = true;
        console.Profile.Capabilities.Ansi = true;
        Assert.True(terminal.IsLive);

        Assert.Equal(7, await terminal.WithBarAsync(async show =>
        {
            show("weights[0].bin", 0.5);
            await Task.Yield();
            return 7;
        }));
        Assert.Contains("weights[0].bin", console.Output, StringComparison.Ordinal);
        Assert.Contains("50%", console.Output, StringComparison.Ordinal);
        terminal.Line(new string('x', 70) + " " + new string('y', 70));
        Assert.EndsWith($"{new string('x', 70)}\n    {new string('y', 70)}\n", console.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "! Given back: 2 models can't be used: · one: no file · two: no hash\n")]
    [InlineData(false, "! Given back: 2 models can't be used: | one: no file | two: no hash\n")]
    public void A_reason_of_several_lines_stays_one_line(bool unicode, string shown)
    {
        using var world = new World(width: 1000, unicode);
        world.Context.Screen.Line("! Given back: 2 models can't be used:\n  one: no file\r\n  two: no hash\n");
        world.Context.Screen.Line("a\u2028b\u2029c\u0085d\u000be\u000c");
        Assert.Equal(shown + (unicode ? "a · b · c · d · e\n" : "a | b | c | d | e\n"), world.Screen);
    }

    [Theory]
    [InlineData("C.UTF-8", true)]
    [InlineData("en_US.utf8", true)]
    [InlineData("C", false)]
    [InlineData("", false)]
    public void The_locale_says_whether_marks_can_be_shown(string locale, bool shown)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows consoles have an encoding in place of a locale.");
        Assert.Equal(shown, SystemTerminal.ShowsUnicode(name => name == "LANG" ? locale : null));
        Assert.False(SystemTerminal.ShowsUnicode(name => name == "LC_ALL" ? "C" : locale));
    }
}
