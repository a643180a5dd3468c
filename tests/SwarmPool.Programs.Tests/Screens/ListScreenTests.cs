using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Listing;
using SwarmPool.Settlement;

namespace SwarmPool.Programs.Tests.Screens;

public sealed class ListScreenTests
{
    private static readonly long Now = World.Now.ToUnixTimeMilliseconds();

    [Theory]
    [MemberData(nameof(DaemonScreenTests.Terminals), MemberType = typeof(DaemonScreenTests))]
    public void A_list_of_jobs(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        JobListScreen.Show(world.Context.Screen, Jobs);
        Verified.Matches(world.Screen, variant);
    }

    [Fact]
    public void A_list_of_jobs_as_json() => Verified.Matches(JsonText.Document(Jobs));

    [Theory]
    [MemberData(nameof(DaemonScreenTests.Terminals), MemberType = typeof(DaemonScreenTests))]
    public void A_list_of_miners(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        MinerListScreen.Show(world.Context.Screen, Miners);
        Verified.Matches(world.Screen, variant);
    }

    [Fact]
    public void A_list_of_miners_as_json() => Verified.Matches(JsonText.Document(Miners));

    [Theory]
    [MemberData(nameof(DaemonScreenTests.Terminals), MemberType = typeof(DaemonScreenTests))]
    public void A_list_of_epochs(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        EpochListScreen.Show(world.Context.Screen, Epochs);
        Verified.Matches(world.Screen, variant);
    }

    [Fact]
    public void A_list_of_epochs_as_json() => Verified.Matches(JsonText.Document(Epochs));

    [Theory]
    [MemberData(nameof(DaemonScreenTests.Terminals), MemberType = typeof(DaemonScreenTests))]
    public void A_miners_earnings(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        EarningsScreen.Show(world.Context.Screen, Earned);
        Verified.Matches(world.Screen, variant);
    }

    [Fact]
    public void A_miners_earnings_as_json() => Verified.Matches(JsonText.Document(Earned));

    [Fact]
    public void Earnings_that_could_not_all_be_read()
    {
        using var world = new World();
        EarningsScreen.Show(world.Context.Screen, Earned with { Unread = new EarningsGap("epoch-3", "SP2401", "The content was not found within 30 s.") });
        EarningsScreen.Show(world.Context.Screen, MinerEarnings.None(Things.Pool, Things.Bob, new EarningsFilter()));
        Verified.Matches(world.Screen);
    }

    [Fact]
    public void A_list_of_nothing_says_so()
    {
        using var world = new World();
        JobListScreen.Show(world.Context.Screen, new JobList([], 0, 0));
        MinerListScreen.Show(world.Context.Screen, new MinerList([], 0, 0));
        EpochListScreen.Show(world.Context.Screen, new EpochList([], 0, 0));
        Assert.Equal("No job is like that.\nNo miner is like that.\nNo epoch is like that.\n", world.Screen);
    }

    /// <summary>What comes from elsewhere steers no screen, and cells stay whole whatever the width.</summary>
    [Fact]
    public void Control_codes_do_not_pass_and_what_is_copied_is_not_broken()
    {
        using var world = new World(width: 30);
        JobListScreen.Show(world.Context.Screen, new JobList([Jobs.Jobs[0] with { Model = "a\u001b[2Jb" }], 0, 1));
        Assert.DoesNotContain('\u001b', world.Screen);
        Assert.Contains(Things.Job.ToString(), world.Screen, StringComparison.Ordinal);
    }

    private static JobList Jobs { get; } = new(
        [
            new(12, Things.Job, JobListStatus.Waiting, Things.Clinic, "image-classification", "queenbee-spine", Usdc.Parse("12.5"), Now - 1000, Now + 600_000, 1, [], null, null, null),
            new(11, Things.CidOf("other"), JobListStatus.Claimed, Things.Clinic, "image-classification", "digits-16", Usdc.Parse("0.1"), Now - 61_000, Now + 500_000, 2, [Things.Alice, Things.Bob], null, null, null),
            new(10, Things.CidOf("third"), JobListStatus.Decided, Things.Clinic, "image-classification", "digits-16", Usdc.Parse("0.000001"), Now - 3_600_000, Now, 1, [Things.Bob], null, "epoch-7", Now - 3_590_000),
            new(9, Things.CidOf("fourth"), JobListStatus.Failed, Things.Clinic, "image-classification", "digits-16", Usdc.Parse("0.1"), Now - 86_400_000, Now - 85_800_000, 3, [], "max_attempts", null, Now - 86_000_000),
        ],
        8,
        135);

    private static MinerList Miners { get; } = new(
        [
            new(Things.Alice, MinerListStatus.Working, MiningMode.SOLO, ["digits-16", "silero-vad"], ["X64, 2 processors"], Things.Account, Now - 86_400_000, Now - 1000, 1, 12, 1, 11, Usdc.Parse("1.1")),
            new(Things.Bob, MinerListStatus.Idle, MiningMode.PPS, ["digits-16"], [], Things.Account, Now - 86_400_000, Now - 3_600_000, 0, 0, 0, 0, Usdc.Zero),
        ],
        1,
        135);

    private static EpochList Epochs { get; } = new(
        [
            new("epoch-9", EpochListStatus.Open, Now - 60_000, null, 1, 1, Usdc.Parse("0.1"), null, false, null),
            new("epoch-8", EpochListStatus.Closed, Now - 3_660_000, Now - 60_000, 2, 2, Usdc.Parse("0.2"), null, false, null),
            new("epoch-7", EpochListStatus.Settled, Now - 7_260_000, Now - 3_660_000, 0, 0, Usdc.Zero, "75/25 1.0.0", true, null),
            new("epoch-6", EpochListStatus.Sealed, Now - 10_860_000, Now - 7_260_000, 1200, 1201, Usdc.Parse("1234.567891"), "75/25 1.0.0", false, Things.CidOf("epoch-6")),
        ],
        5,
        135);

    private static MinerEarnings Earned { get; } = new(
        Things.Pool, Things.Alice, Usdc.Parse("926.325918"), 3, "epoch-1", "epoch-6",
        [new("2026-11-23", 2, Usdc.Parse("925.925918")), new("2026-11-22", 1, Usdc.Parse("0.4"))],
        4,
        [new("digits-16", 1200, Usdc.Parse("1234.567891"), Usdc.Parse("925.925918")), new(null, 0, Usdc.Zero, Usdc.Parse("0.4"))],
        null);
}
