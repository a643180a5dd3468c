using SwarmPool.Core.Auditing;
using SwarmPool.Programs.Auditing;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Listing;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Tests.Screens;

/// <summary>Whoever looks at an epoch sees whose work it pays, what goes back and what checkers get; a miner sees what is held of its own.</summary>
public sealed class HeldScreenTests
{
    private static EpochSnapshot Epoch => Things.Epoch with
    {
        WorkFrom = 1,
        WorkTo = 2,
        Refunds = new EpochRefunds(Usdc.Parse("0.02"), [Things.Job]),
        Settlements = Things.Epoch.Settlements with { TotalVolume = Things.Epoch.Settlements.MinerPool + Things.Epoch.Settlements.HiveOps + Usdc.Parse("0.003"), Checkers = [Things.Job] },
    };

    [Fact]
    public async Task A_sealed_epoch_shows_it()
    {
        using var world = new World();
        await world.PrintAsync(printer =>
        {
            var screen = new DaemonScreen(world.Context.Screen, printer, world.Time, new DaemonOptions());
            screen.Started(Things.Pool, 1, 1, "/srv/pool/pool.journal.db");
            screen.Sealed(Epoch, Things.Job, []);
        });
        foreach (var shown in new[] { "Checkers: 0.003", "Pays for: the work of epoch-1 to epoch-2", "Goes back: 0.02 USDC" })
        {
            Assert.Contains(shown, Said(world), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_audit_shows_it()
    {
        using var world = new World();
        var report = new EpochAuditReport(Epoch, Things.Job) { Differences = [], Names = new NameReport(0, 0, 0, []) };
        AuditScreen.Show(world.Context.Screen, report);
        Assert.Contains("checkers 0.003", Said(world), StringComparison.Ordinal);
        Assert.Contains("the work of epoch-1 to epoch-2", Said(world), StringComparison.Ordinal);
        Assert.Contains("\"refunded\": \"0.02\"", JsonText.Document(AuditDocument.Of(report)), StringComparison.Ordinal);
        Assert.Equal("no epoch yet: their work is held", HeldLines.Of(Epoch with { WorkTo = 0, Refunds = null }).Single().Text);
        Assert.Empty(HeldLines.Of(Things.Epoch));
        Assert.Empty(HeldLines.Checkers(Things.Epoch, "checkers "));
    }

    [Fact]
    public void A_miner_sees_what_is_held_and_by_which_epoch_it_is_paid()
    {
        using var world = new World();
        EarningsScreen.Show(world.Context.Screen, MinerEarnings.None(Things.Pool, Things.Bob, new EarningsFilter()) with
        {
            Total = Usdc.Parse("3"),
            ForChecks = Usdc.Parse("0.5"),
            Held = [new HeldEarnings("epoch-7", "epoch-9", 12, Usdc.Parse("1.25"), Usdc.Parse("0.25")), new HeldEarnings("epoch-8", null, 1, Usdc.Parse("0.1"), Usdc.Zero)],
        });
        foreach (var shown in new[] { "3 USDC by 0 sealed epochs, 0.5 of it for checks", "epoch-7", "epoch-9", "1.25", "0.25", "What was struck goes back to clients" })
        {
            Assert.Contains(shown, Said(world), StringComparison.Ordinal);
        }
    }

    private static string Said(World world) => string.Join(' ', world.Screen.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
