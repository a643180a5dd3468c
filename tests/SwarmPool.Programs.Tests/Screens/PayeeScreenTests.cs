using SwarmPool.Core.Auditing;
using SwarmPool.Identity;
using SwarmPool.Programs.Auditing;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Tests.Screens;

/// <summary>Whoever is paid besides miners and operations is on every screen where money is: a name with its address, an address by itself.</summary>
public sealed class PayeeScreenTests
{
    private static readonly EnsName Fee = EnsName.Parse("fee.eth");
    private static readonly Payee ByAddress = new(DeclaredPayee.At(Things.Account).Name, Things.Account);

    private static IReadOnlyList<PayoutItem> Declared => [new(Fee, Things.Account, Usdc.Parse("0.004")), new(ByAddress.Name, ByAddress.Address, Usdc.Parse("0.001"))];

    private static EpochSnapshot Epoch => Things.Epoch with { Settlements = Things.Epoch.Settlements with { Declared = Declared } };

    private static EpochAuditReport Report => new(Epoch, Things.Job) { Differences = [], Names = new NameReport(0, 0, 0, []) };

    [Fact]
    public async Task A_sealed_epoch_shows_what_each_got()
    {
        using var world = new World();
        await world.PrintAsync(printer =>
        {
            var screen = new DaemonScreen(world.Context.Screen, printer, world.Time, new DaemonOptions());
            screen.Started(Things.Pool, 1, 1, "/srv/pool/pool.journal.db");
            screen.Sealed(Epoch, Things.Job, []);
        });
        Shows(world, "Operations: 0.05 Others: 0.005");
    }

    [Fact]
    public void An_audit_shows_what_each_got()
    {
        using var world = new World();
        AuditScreen.Show(world.Context.Screen, Report);
        Shows(world, "operations 0.05, others 0.005");
        Assert.Contains("\"declared\": [", JsonText.Document(AuditDocument.Of(Report)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_replacing_settlement_shows_what_each_gets()
    {
        using var world = new World();
        ReplacementScreen.Show(world.Context.Screen, new ReplacedSettlement("epoch-7", Things.Epoch.Policy, Usdc.Zero, [], 0) { Declared = Declared });
        Shows(world, "epoch-7 is settled");
    }

    [Fact]
    public void The_status_lists_them_and_says_which_policy_an_epoch_waits_for_and_why()
    {
        using var world = new World();
        StatusScreen.Show(world.Context.Screen, DaemonScreenTests.Status with
        {
            Policy = "Acme.Settlement",
            Payees = [new Payee(Fee, Things.Account), ByAddress],
            UnsealedEpochs = [DaemonScreenTests.Status.UnsealedEpochs[0] with { Refused = "SP3410" }],
        }, world.Time);
        var said = Said(world);
        Assert.Contains($"Also paid: fee.eth → {Things.Account} Also paid: → {Things.Account}", said, StringComparison.Ordinal);
        Assert.Contains("epoch-7 is closed, but not settled: 2 jobs, 0.2 USDC. SP3410 by Acme.Settlement: The policy took more memory than it may. The daemon tries again", said, StringComparison.Ordinal);
    }

    private static void Shows(World world, string sum)
    {
        var said = Said(world);
        Assert.Contains(sum, said, StringComparison.Ordinal);
        Assert.Contains($"Also paid: fee.eth 0.004 USDC → {Things.Account} Also paid: 0.001 USDC → {Things.Account}", said, StringComparison.Ordinal);
    }

    private static string Said(World world) => string.Join(' ', world.Screen.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
