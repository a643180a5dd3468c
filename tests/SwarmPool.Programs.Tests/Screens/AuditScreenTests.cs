using SwarmPool.Core.Auditing;
using SwarmPool.Programs.Auditing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Tests.Screens;

public sealed class AuditScreenTests
{
    private static readonly Cid Epoch = Cid.OfBlock("an epoch"u8);

    public static TheoryData<string, int, bool> Terminals => DaemonScreenTests.Terminals;

    [Theory]
    [MemberData(nameof(Terminals))]
    public void An_audit_that_is_right(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        AuditScreen.Show(world.Context.Screen, Right, checkpoint: "audited.json");
        Verified.Matches(world.Screen, variant);
    }

    [Theory]
    [MemberData(nameof(Terminals))]
    public void An_audit_that_found_much(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        AuditScreen.Show(world.Context.Screen, Wrong, checkpoint: "audited.json");
        Verified.Matches(world.Screen, variant);
    }

    /// <summary>All is right, and yet there is something to be seen.</summary>
    [Fact]
    public void An_audit_that_is_right_and_tells_more()
    {
        using var world = new World();
        AuditScreen.Show(world.Context.Screen, Right with
        {
            Snapshot = Things.Epoch with { StartedAt = 9_007_199_254_740_991 },
            Splits = 5,
            Remarks = Remarks,
            RemarkCount = 3,
            AtStakeMicroUsdc = 1_000_125_007,
            Names = Names,
        });
        Verified.Matches(world.Screen);
    }

    /// <summary>The same, for machines.</summary>
    [Fact]
    public void An_audit_as_JSON() => Verified.Matches(JsonText.Document(AuditDocument.Of(Right with { Remarks = Remarks, RemarkCount = 3, AtStakeMicroUsdc = 1_000_125_007, Names = Names })));

    [Fact]
    public void An_epoch_audited_alone_by_another_policy()
    {
        using var world = new World();
        AuditScreen.Show(world.Context.Screen, Right with { DecidedAgain = false, Epochs = 1, Splits = 0, SplitChecked = false, Remarks = [Remarks[1] with { What = "epoch-7 was settled by all-mine 1.0.0, which is not at hand: the sums are right, nobody has settled again" }], RemarkCount = 1, AtStakeMicroUsdc = 1_000_000_000 });
        Verified.Matches(world.Screen);
    }

    private static IReadOnlyList<AuditRemark> Remarks =>
    [
        new(AuditRemarkKinds.Setting, 57, "cool_down_ms is 3600000 from here on; it was 10000", 1_000_000_007),
        new(AuditRemarkKinds.Policy, 0, "2 epochs from epoch-2 to epoch-3 were settled by all-mine 1.0.0, which is not at hand: the sums are right, nobody has settled again", 1_000_000_000),
        new(AuditRemarkKinds.Setting, 57, "operations_address is 0xac5958d1ce9797d29d51ed029641454dd38988cd from here on; it was 0xc0a3c4920c567c8437977ee6a61451461f6a3da5", 0),
    ];

    private static NameReport Names => new(
        200, 50, 0, [new AuditRemark(AuditRemarkKinds.Name, 5, "clinic.bob.eth signed with 0xac5958d1ce9797d29d51ed029641454dd38988cd, which is not one of its accounts today", 125_000)])
    {
        ChangeCount = 150,
        ChangedMicroUsdc = 125_000,
    };

    private static EpochAuditReport Right => new(Things.Epoch, Epoch)
    {
        DecidedAgain = true,
        Epochs = 7,
        Records = 1_200,
        Messages = 811,
        Splits = 7,
        SplitChecked = true,
        Differences = [],
        Names = new NameReport(12, 12, 0, []),
    };

    private static EpochAuditReport Wrong => Right with
    {
        DifferenceCount = 140,
        Differences =
        [
            new AuditDifference(0, "epoch-7: merkle_root is 0x00; the pages give 0x01"),
            new AuditDifference(1_117, "its job was signed by 0xac5958d1ce9797d29d51ed029641454dd38988cd, not by 0xc0a3c4920c567c8437977ee6a61451461f6a3da5 as recorded"),
        ],
        Names = new NameReport(
            12, 10, 1, [new AuditRemark(AuditRemarkKinds.Name, 0, "miner.bob.eth was paid at 0xac5958d1ce9797d29d51ed029641454dd38988cd; today it is paid at 0xc0a3c4920c567c8437977ee6a61451461f6a3da5", 150_000)])
        {
            ChangedMicroUsdc = 150_000,
            UnavailableMicroUsdc = 50_000,
        },
        AtStakeMicroUsdc = 200_000,
    };
}
