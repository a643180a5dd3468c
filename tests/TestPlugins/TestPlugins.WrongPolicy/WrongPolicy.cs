using System.Runtime.InteropServices;
using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace TestPlugins.WrongPolicy;

internal sealed class WrongPolicy(string wrong) : ISettlementPolicy
{
    private int runs;

    public string Name => "wrong";

    public string Version => "1.0.0";

    /// <summary>What the policy state says when it is to be right, whatever else it was told.</summary>
    private const string Mended = "mended";

    public SettlementOutcome Settle(EpochLedger ledger, string policyState) => policyState == Mended ? Right(ledger) : wrong switch
    {
        "right" => Right(ledger),
        "prints" => Print(ledger),
        "writes" => Write(ledger),
        "loops" => Loop(),
        "allocates" => Allocate(),
        "takes" => Take(),
        "recurses" => Recurse(ledger, 0),
        "exits" => Exit(),
        "sum" => new(new(Usdc.FromMicro(ledger.Volume.Micro + 1), []), ""),
        "negative" => new(new(ledger.Volume + Usdc.FromMicro(1), [new Payout(ledger.Entries[0].Miner, Usdc.FromMicro(-1))]), ""),
        "stranger" => new(new(Usdc.Zero, [new Payout(new Payee(EnsName.Parse("stranger.eth"), ledger.Operations.Address), ledger.Volume)]), ""),
        "unstable" => new(new(ledger.Volume, []), $"run {Interlocked.Increment(ref runs)}"),
        "throws" => throw new InvalidOperationException("the moon is wrong."),
        "hangs" => Hang(),
        _ => throw new ArgumentException($"'{wrong}' is no way to be wrong that this plugin knows."),
    };

    private static SettlementOutcome Right(EpochLedger ledger) => new(new(ledger.Volume, []), "");

    private static SettlementOutcome Print(EpochLedger ledger)
    {
        Console.WriteLine("""{"settled":{"operations":1,"policy_state":"","miners":0,"declared":0}}""");
        Console.Error.WriteLine(new string('!', 1_000_000));
        return Right(ledger);
    }

    // Past the console, into the stream that the answer goes to.
    private static SettlementOutcome Write(EpochLedger ledger)
    {
        using var output = Console.OpenStandardOutput();
        output.Write("what a lovely day\n"u8);
        output.Flush();
        return Right(ledger);
    }

    private static SettlementOutcome Loop()
    {
        for (var i = 0L; i >= 0; i = (i + 1) & long.MaxValue)
        {
        }

        throw new InvalidOperationException("It never comes here.");
    }

    private static SettlementOutcome Allocate()
    {
        var kept = new List<byte[]>();
        for (var i = 0; i < 2048; i++)
        {
            kept.Add(new byte[1 << 20]);
        }

        throw new InvalidOperationException($"There were {kept.Count} MiB.");
    }

    // Beside the heap, which the runtime bounds.
    private static SettlementOutcome Take()
    {
        for (var i = 0; i < 2048; i++)
        {
            var taken = Marshal.AllocHGlobal(1 << 20);
            for (var at = 0; at < 1 << 20; at += 4096)
            {
                Marshal.WriteByte(taken, at, 1);
            }
        }

        return Hang();
    }

    private static SettlementOutcome Recurse(EpochLedger ledger, int depth) => depth < 0 ? Right(ledger) : Recurse(ledger, depth + 1) with { PolicyState = "" };

    private static SettlementOutcome Exit()
    {
        Environment.Exit(7);
        return Hang();
    }

    private static SettlementOutcome Hang()
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
        throw new InvalidOperationException("It never comes here.");
    }
}
