using SwarmPool.Programs.Auditing;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Auditing;
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

    [Fact]
    public void An_epoch_audited_alone_by_another_policy()
    {
        using var world = new World();
        AuditScreen.Show(world.Context.Screen, Right with { DecidedAgain = false, Epochs = 1, Splits = 0, SplitChecked = false });
        Verified.Matches(world.Screen);
    }

    private static EpochAuditReport Right => new(Things.Epoch, Epoch)
    {
        DecidedAgain = true,
        Epochs = 7,
        Records = 1_200,
        Messages = 811,
        Splits = 7,
        SplitChecked = true,
        Differences = [],
        Names = new NameFindings(12, 12, 0, []),
    };

    private static EpochAuditReport Wrong => Right with
    {
        DifferenceCount = 140,
        Differences =
        [
            new AuditDifference(0, "epoch-7: merkle_root is 0x00; the pages give 0x01"),
            new AuditDifference(1_117, "its job was signed by 0xac5958d1ce9797d29d51ed029641454dd38988cd, not by 0xc0a3c4920c567c8437977ee6a61451461f6a3da5 as recorded"),
        ],
        Names = new NameFindings(12, 10, 1, ["miner.bob.eth was paid at 0xac5958d1ce9797d29d51ed029641454dd38988cd; today it is paid at 0xc0a3c4920c567c8437977ee6a61451461f6a3da5"]),
    };
}
