using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Daemon.Status;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Tests.Screens;

public sealed class DaemonScreenTests
{
    public static TheoryData<string, int, bool> Terminals => new() { { "wide", 100, true }, { "narrow", 40, true }, { "ascii", 80, false }, { "piped", int.MaxValue, true } };

    [Theory]
    [MemberData(nameof(Terminals))]
    public async Task The_daemons_story(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        await world.PrintAsync(printer => Tell(new DaemonScreen(world.Context.Screen, printer, world.Time, new DaemonOptions())));
        Verified.Matches(world.Screen, variant);
    }

    [Fact]
    public async Task Epochs_with_nothing_in_them_are_one_quiet_line_and_several_in_a_row_are_told_together()
    {
        using var world = new World(width: 1000);
        await world.PrintAsync(printer =>
        {
            var screen = new DaemonScreen(world.Context.Screen, printer, world.Time, new DaemonOptions());
            screen.Started(Things.Pool, 3, 135, "/srv/pool/pool.journal.db");
            Open(screen, 1);
            Open(screen, 2);
            Seal(screen, 1, jobs: 0);
            Open(screen, 3);
            Seal(screen, 2, jobs: 0);
            Open(screen, 4);
            Seal(screen, 3, jobs: 0);
            screen.Announced(SnapshotTypes.JobsFailed, new JobFailedItem(Things.Job, Things.Clinic, "expired", 0));
            Open(screen, 5);
            Seal(screen, 4, jobs: 2);
            Open(screen, 6);
            Seal(screen, 5, jobs: 0);
            Open(screen, 7);
            Seal(screen, 6, jobs: 0);
            screen.MinerOffline(Things.Alice);
        });
        Assert.Equal(
            [
                "EPOCH OPENED: epoch-1",
                "epoch-1 sealed: nothing in it; epoch-2 is open",
                "epoch-2 to epoch-3 sealed: nothing in them",
                "EXPIRED: bafkrei…lpfqai of clinic.clientswarm.eth",
                "EPOCH OPENED: epoch-5",
                "EPOCH SEALED: epoch-4",
                "epoch-5 sealed: nothing in it; epoch-6 is open",
                "epoch-6 sealed: nothing in it",
                "MINER OFFLINE: miner.alice.eth",
            ],
            world.Screen.Split('\n').Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).Select(line => line[10..]));

        static void Open(DaemonScreen screen, int number) => screen.Announced(SnapshotTypes.EpochsOpened, new EpochOpenedItem($"epoch-{number}", number, 0));

        static void Seal(DaemonScreen screen, int number, long jobs) =>
            screen.Sealed(Things.Epoch with { EpochId = $"epoch-{number}", Number = number, JobsCount = jobs }, Things.CidOf("epoch"), []);
    }

    [Fact]
    public async Task What_a_miner_says_of_why_it_gave_a_job_back_is_shown()
    {
        using var world = new World(width: 1000);
        await world.PrintAsync(printer =>
        {
            var screen = new DaemonScreen(world.Context.Screen, printer, world.Time, new DaemonOptions());
            screen.Started(Things.Pool, 3, 135, "/srv/pool/pool.journal.db");
            screen.Announced(SnapshotTypes.ClaimsTimeout, new ClaimTimeoutItem(Things.Job, 1, Things.Alice, "failed") { Detail = "the input is no PNG" });
        });
        Assert.Contains("FAILED: bafkrei…lpfqai returned to the pool (was: miner.alice.eth)\n          ! the input is no PNG\n", world.Screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_daemons_events()
    {
        using var world = new World();
        await world.PrintAsync(printer => Tell(new DaemonEvents(new EventWriter(world.Context.Out, printer, world.Time))));
        Verified.Matches(world.Out);
    }

    [Theory]
    [MemberData(nameof(Terminals))]
    public async Task A_standbys_story(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        await world.PrintAsync(printer => Follow(new DaemonScreen(world.Context.Screen, printer, world.Time, new DaemonOptions())));
        Verified.Matches(world.Screen, variant);
    }

    [Fact]
    public async Task A_standbys_events()
    {
        using var world = new World();
        await world.PrintAsync(printer => Follow(new DaemonEvents(new EventWriter(world.Context.Out, printer, world.Time))));
        Verified.Matches(world.Out);
    }

    [Theory]
    [MemberData(nameof(Terminals))]
    public void A_pools_status(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        StatusScreen.Show(world.Context.Screen, Status, world.Time);
        Verified.Matches(world.Screen, variant);
    }

    [Fact]
    public void A_pools_status_as_json() => Verified.Matches(JsonText.Document(Status));

    internal static PoolStatus Status { get; } = new()
    {
        Journal = "/srv/pool/pool.journal.db",
        Term = 3,
        Records = 135,
        Head = new string('a', 64),
        At = World.Now.ToUnixTimeMilliseconds() - 5000,
        PendingJobs = 4,
        ClaimedJobs = 1,
        Miners = 2,
        TotalJobs = 9,
        TotalProofs = 5,
        TotalVolume = Usdc.Parse("0.9"),
        OpenEpoch = new EpochStatus("epoch-8", World.Now.ToUnixTimeMilliseconds() - 60_000, 0, 1, 1, Usdc.Parse("0.1"), false),
        UnsealedEpochs = [new EpochStatus("epoch-7", 0, World.Now.ToUnixTimeMilliseconds() - 60_000, 2, 2, Usdc.Parse("0.2"), false)],
        LastSealed = Things.CidOf("epoch-6"),
        ModelsWithoutMiner = [new WaitingModel("queenbee-spine", 4)],
        Models = [new BoundModel("digits", Things.CidOf("digits"), [new string('b', 64)]), new BoundModel("speech", Things.CidOf("speech"), null)],
        Leader = new LeaderStatus("host-7/42", 3, World.Now.ToUnixTimeMilliseconds() - 3_600_000),
        Standbys = [new StandbyStatus("host-8/77", 135, 0, World.Now.ToUnixTimeMilliseconds() - 1000), new StandbyStatus("host-9/5", 134, 1, World.Now.ToUnixTimeMilliseconds() - 8000)],
    };

    private static void Follow(IDaemonObserver observer)
    {
        var leader = new JournalLeader(4, "host-7/42", World.Now.AddHours(-1));
        observer.StandingBy(Things.Pool, leader, 135, "redis.example:6379/swarmpool.eth");
        observer.Followed(137, TimeSpan.FromMilliseconds(41.6));
        observer.StandingBy(Things.Pool, leader with { Fence = 5, Owner = "host-9/5", Since = World.Now }, 137, "redis.example:6379/swarmpool.eth");
        observer.Announced(SnapshotTypes.JobsNew, Things.NewJob);
        observer.Started(Things.Pool, 6, 138, "redis.example:6379/swarmpool.eth");
    }

    [Theory]
    [MemberData(nameof(Terminals))]
    public void A_pools_records(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        NameScreen.Show(world.Context.Screen, Things.Pool, new LocationComparison(Place, ["The peers that swarmpool.eth names are not this node, 12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"]));
        NameScreen.Show(world.Context.Screen, Things.Pool, new LocationComparison(Place with { State = null }, []));
        NameScreen.Show(world.Context.Screen, Things.Pool, null);
        Verified.Matches(world.Screen, variant);
    }

    private static PoolLocation Place { get; } = new(
        "ipns://k51qzi5uqu5dhdmyb9bd18pypu2wp5lpv2xnskfmrqa4lb5knqryrotb05e7or",
        ["/ip4/203.0.113.7/tcp/4001/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA", "/ip6/2001:db8::7/tcp/4001/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"]);

    private static void Tell(IDaemonObserver observer)
    {
        observer.Announced(SnapshotTypes.EpochsOpened, new EpochOpenedItem("epoch-1", 1, 0));
        observer.Started(Things.Pool, 3, 135, "/srv/pool/pool.journal.db");
        observer.Placed(Things.Pool, new LocationComparison(Place, ["The name swarmpool.eth says nothing of where the pool is"]));
        observer.Placed(Things.Pool, new LocationComparison(Place, []));
        observer.Announced(SnapshotTypes.MinersJoined, new MinerJoinedItem(Things.Alice, Things.Account, MiningMode.SOLO, ["digits-16"], 0));
        observer.Announced(SnapshotTypes.JobsNew, Things.NewJob);
        observer.Announced(SnapshotTypes.JobsNew, Things.NewJob with { Cid = Things.CidOf("other"), Model = "queenbee-spine", Miners = 0 });
        observer.Announced(SnapshotTypes.ClaimsAccepted, Things.Claim);
        observer.Announced(SnapshotTypes.ClaimsTimeout, new ClaimTimeoutItem(Things.Job, 1, Things.Alice, "timeout"));
        observer.Announced(SnapshotTypes.ProofsAccepted, new ProofAcceptedItem(Things.Job, Things.Proof, Things.CidOf("output"), 2, Things.Bob, "epoch-7", true));
        observer.Announced(SnapshotTypes.JobsFailed, new JobFailedItem(Things.CidOf("other"), Things.Clinic, "expired", 0));
        observer.Refused(SnapshotTypes.Claim, Things.Bob, "SP3106", "Claims of miner.bob.eth lapsed; it may claim again in 60 s.");
        observer.Sealed(Things.Epoch, Things.CidOf("epoch-7"), [new PayoutItem(Things.Alice, Things.Account, Usdc.Parse("0.15"))]);
        observer.ClockJumped(TimeSpan.FromHours(2), ClockJumpPhase.Noticed);
        observer.ClockJumped(TimeSpan.FromHours(2), ClockJumpPhase.GoneBack);
        observer.ClockJumped(TimeSpan.FromSeconds(-90.5), ClockJumpPhase.Accepted);
        observer.ClockJumped(TimeSpan.FromMinutes(-3), ClockJumpPhase.BehindJournal);
        observer.Unsettled("epoch-8", "SP3401", "epoch-8: the policy threw.");
    }
}
