using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Checks;

namespace SwarmPool.Core.Tests.Pool.Checks;

public sealed class DrawTests
{
    private static readonly CheckSettings Settings = new();

    /// <summary>What docs/protocol.md tells, so that anybody draws the same.</summary>
    [Fact]
    public void A_point_a_second_point_and_a_rank_are_what_the_protocol_says()
    {
        var job = Messages.AnyCid("a job");
        Assert.Equal("bafkreigoydosbezvcz5jsa2q3ro34bfxkbku66hhpiitgmx6tvknzb6j5e", job.ToString());
        Assert.Equal("f33a092093bfea0d", Draw.Point(CheckBench.Secret, job, 7).ToString("x16"));
        Assert.Equal("c8777f7f562342bc", Draw.SecondPoint(CheckBench.Secret, job, 7).ToString("x16"));
        Assert.Equal("05510079eb42f6e476cfac04152edfb366d84b557ddc2c78ed843bc21a5aa2f9", Convert.ToHexStringLower(Draw.Rank(CheckBench.Secret, job, "miner1.alice.eth")));
        Assert.Equal("754d4fb2e4954df28b3969a270834e9e37485c512eba13bb0df45ab4d8fd4f71", Draw.CommitmentOf(CheckBench.Secret));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData(CheckBench.Secret, true)]
    [InlineData("5EC2E70000000000000000000000000000000000000000000000000000000001", false)]
    [InlineData("5ec2e7000000000000000000000000000000000000000000000000000000001", false)]
    public void A_secret_is_32_bytes_in_lower_case_hex(string? secret, bool isOne) => Assert.Equal(isOne, Draw.IsSecret(secret));

    [Fact]
    public void Whoever_is_new_is_always_drawn_and_whoever_is_known_at_the_least_share()
    {
        const long behind = 1_000_000_000;
        Assert.True(Draw.IsDrawn(ulong.MaxValue, Settings, 0, 1, behind));
        Assert.True(Draw.IsDrawn(ulong.MaxValue, Settings, 19, 1, behind));
        Assert.False(Draw.IsDrawn(ulong.MaxValue, Settings, 20, 1, behind));
        Assert.Equal(0.5, Share(20, 1, behind), 3);
        Assert.Equal(0.2, Share(80, 1, behind), 3);
        Assert.Equal(0.05, Share(100_000, 1, behind), 3);
    }

    [Fact]
    public void A_job_that_pays_more_than_would_be_lost_is_always_drawn_and_else_its_share_of_that()
    {
        Assert.True(Draw.IsDrawn(ulong.MaxValue, Settings, 100_000, 5, 5));
        Assert.True(Draw.IsDrawn(ulong.MaxValue, Settings, 100_000, 5, 0));
        Assert.Equal(0.25, Share(100_000, 25, 100), 3);
        Assert.Equal(0.5, Share(100_000, 25, 100, Settings with { DetectionPpm = 500_000 }), 3);
        Assert.Equal(0.05, Share(100_000, 1_000_000, 1_000_000_000_000_000), 3);
        Assert.True(Draw.IsDrawn(ulong.MaxValue, Settings, long.MaxValue, 1_000_000_000_000_000, 1_000_000_000_000_000));
    }

    private static double Share(long decided, long price, long behind, CheckSettings? settings = null)
    {
        // The largest point that is drawn, by halving.
        ulong least = 0, most = ulong.MaxValue;
        while (least < most)
        {
            var middle = least + ((most - least) / 2);
            if (Draw.IsDrawn(middle, settings ?? Settings, decided, price, behind))
            {
                least = middle + 1;
            }
            else
            {
                most = middle;
            }
        }

        return least / Math.Pow(2, 64);
    }
}
