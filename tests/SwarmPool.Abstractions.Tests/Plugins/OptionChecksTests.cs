using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace SwarmPool.Tests.Plugins;

public sealed class OptionChecksTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void A_range_includes_its_ends(int value, bool isAllowed) =>
        Assert.Equal(isAllowed, Checked(problems => problems.CheckRange("n", value, 1, 5)).Succeeded);

    [Theory]
    [InlineData("a/b", true)]
    [InlineData(null, false)]
    [InlineData(" ", false)]
    [InlineData("a\0b", false)]
    public void A_path_is_a_text_without_NUL(string? value, bool isAllowed) =>
        Assert.Equal(isAllowed, Checked(problems => problems.CheckPath("folder", value)).Succeeded);

    [Fact]
    public void A_value_beyond_an_enumeration_is_told_with_what_may_be_written() =>
        Assert.Equal("day: 9 is not valid; it must be one of sunday, monday, tuesday, wednesday, thursday, friday, saturday", Checked(problems => problems.CheckDefined("day", (DayOfWeek)9)).FailureMessage);

    [Fact]
    public void Problems_add_up()
    {
        var result = Checked(problems =>
        {
            problems.Check(holds: true, "never");
            problems.Check(holds: false, "a: wrong");
            problems.Add(["b: wrong", "c: wrong"]);
        });
        Assert.Equal(["a: wrong", "b: wrong", "c: wrong"], result.Failures);
    }

    private static ValidateOptionsResult Checked(Action<ValidateOptionsResultBuilder> check)
    {
        var problems = new ValidateOptionsResultBuilder();
        check(problems);
        return problems.Build();
    }
}
