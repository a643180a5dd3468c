using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Checks;

namespace SwarmPool.Core.Tests.Pool.Checks;

public sealed class SequentialTestTests
{
    private readonly SequentialTest test = new(new CheckSettings());

    [Fact]
    public void A_step_is_the_logarithm_in_thousandths_of_a_nat() => Assert.Equal((1609, -85), (test.FailStep, test.PassStep));

    [Theory]
    [InlineData(1, 1, 9)]
    [InlineData(1, 2, 20)]
    [InlineData(1, 5, 55)]
    public void Whoever_fails_so_often_is_flagged_after_so_many(int fails, int of, int answers)
    {
        long stands = 0;
        var count = 0;
        while (!test.Flags(stands))
        {
            stands = test.Add(stands, (count * fails / of) != ((count + 1) * fails / of));
            count++;
        }

        Assert.Equal(answers, count);
    }

    [Fact]
    public void Nobody_saves_up_more_credit_than_one_test_has()
    {
        long stands = 0;
        for (var i = 0; i < 100_000; i++)
        {
            stands = test.Add(stands, fails: false);
            Assert.InRange(stands, -13_800, 0);
        }

        var count = 0;
        for (stands = -13_799; !test.Flags(stands); count++)
        {
            stands = test.Add(stands, fails: true);
        }

        Assert.Equal(18, count);
    }

    /// <summary>An honest miner whose answers fail as often as they may at all: of 200,000 tests' worth of answers few or none end against it.</summary>
    [Fact]
    public void An_honest_miner_is_flagged_as_rarely_as_the_threshold_says()
    {
        var lenient = new SequentialTest(20_000, 100_000, 4_605); // e^-4.605 = 1 %: often enough to be counted.
        var (dice, stands, tests, flags) = (new Random(7), 0L, 0, 0);
        for (var i = 0; i < 2_000_000; i++)
        {
            var next = lenient.Add(stands, dice.Next(50) == 0);
            tests += next == 0 || lenient.Flags(next) ? 1 : 0;
            flags += lenient.Flags(next) ? 1 : 0;
            stands = lenient.Flags(next) ? 0 : next;
        }

        Assert.InRange(tests, 10_000, 200_000);
        Assert.InRange((double)flags / tests, 0.0005, 0.01);
    }
}
