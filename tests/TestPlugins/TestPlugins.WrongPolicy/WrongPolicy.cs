using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace TestPlugins.WrongPolicy;

internal sealed class WrongPolicy(string wrong) : ISettlementPolicy
{
    private int runs;

    public string Name => "wrong";

    public string Version => "1.0.0";

    public SettlementOutcome Settle(EpochLedger ledger, string policyState) => wrong switch
    {
        "sum" => new(new(Usdc.FromMicro(ledger.Volume.Micro + 1), []), ""),
        "negative" => new(new(ledger.Volume + Usdc.FromMicro(1), [new Payout(ledger.Entries[0].Miner, Usdc.FromMicro(-1))]), ""),
        "stranger" => new(new(Usdc.Zero, [new Payout(new Payee(EnsName.Parse("stranger.eth"), ledger.Operations.Address), ledger.Volume)]), ""),
        "unstable" => new(new(ledger.Volume, []), $"run {Interlocked.Increment(ref runs)}"),
        "throws" => throw new InvalidOperationException("the moon is wrong."),
        "hangs" => Hang(),
        _ => throw new ArgumentException($"'{wrong}' is no way to be wrong that this plugin knows."),
    };

    private static SettlementOutcome Hang()
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
        throw new InvalidOperationException("It never comes here.");
    }
}
