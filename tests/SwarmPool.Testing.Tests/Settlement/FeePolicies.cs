using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;

namespace SwarmPool.Testing.Tests.Settlement;

/// <summary>A right policy with a fee of a twentieth, out of the operations' part, for somebody whom it declares.</summary>
internal class FeePolicy : RightPolicy, ISettlementPolicy
{
    private static readonly DeclaredPayee Author = DeclaredPayee.Named(EnsName.Parse("author.eth"));

    public virtual IReadOnlyList<DeclaredPayee> Payees => [Author];

    public override SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
        WithFee(ledger, ledger.Declared.Single(payee => payee.Name == Author.Name), ledger.Volume.Micro / 20);

    protected static SettlementOutcome WithFee(EpochLedger ledger, Payee to, long fee, long? taken = null, int times = 1)
    {
        var right = Outcome(ledger, entry => entry.Price.Micro * 3 / 4);
        return right with
        {
            Settlement = right.Settlement with
            {
                Operations = Usdc.FromMicro(right.Settlement.Operations.Micro - (taken ?? fee)),
                Declared = [.. Enumerable.Repeat(new Payout(to, Usdc.FromMicro(fee)), times)],
            },
        };
    }
}

/// <summary>The sum is right; the payee is nobody that it declares.</summary>
internal sealed class PaysAnUndeclaredPayee : FeePolicy
{
    public override SettlementOutcome Settle(EpochLedger ledger, string policyState) => WithFee(ledger, Ledgers.PayeeOf("a-friend"), ledger.Volume.Micro / 20);
}

/// <summary>The fee comes on top: more is paid than there is.</summary>
internal sealed class TakesItsFeeBesideTheSum : FeePolicy
{
    public override SettlementOutcome Settle(EpochLedger ledger, string policyState) => WithFee(ledger, ledger.Declared[0], (ledger.Volume.Micro / 20) + 1, taken: 0);
}

/// <summary>In two halves: the sum is right, but a payee has one entry.</summary>
internal sealed class PaysItsFeeTwice : FeePolicy
{
    public override SettlementOutcome Settle(EpochLedger ledger, string policyState) => WithFee(ledger, ledger.Declared[0], ledger.Volume.Micro / 40, taken: ledger.Volume.Micro / 40 * 2, times: 2);
}

/// <summary>A gift, whether there was work or not.</summary>
internal sealed class GivesWhatThereIsNot : FeePolicy
{
    public override SettlementOutcome Settle(EpochLedger ledger, string policyState) => WithFee(ledger, ledger.Declared[0], 1_000, taken: Math.Min(1_000, ledger.Volume.Micro / 4));
}

/// <summary>Its payee has another name in each instance.</summary>
internal sealed class DeclaresAnotherEachTime : FeePolicy
{
    private static int instances;

    private readonly DeclaredPayee payee = DeclaredPayee.Named(EnsName.Parse($"author-{Interlocked.Increment(ref instances)}.eth"));

    public override IReadOnlyList<DeclaredPayee> Payees => [payee];

    public override SettlementOutcome Settle(EpochLedger ledger, string policyState) => WithFee(ledger, ledger.Declared[0], 0);
}
