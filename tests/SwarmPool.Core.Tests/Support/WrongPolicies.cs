using SwarmPool.Settlement;

namespace SwarmPool.Core.Tests.Support;

/// <summary>Policies that are wrong in one way each; the right part of the work is <see cref="HalfPolicy"/>'s.</summary>
internal static class WrongPolicies
{
    public sealed class Throws : HalfPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) => throw new FormatException("no such rate");
    }

    public sealed class Hangs(ManualResetEventSlim released) : HalfPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState)
        {
            released.Wait();
            return base.Settle(ledger, policyState);
        }
    }

    /// <summary>Changes a right outcome.</summary>
    public sealed class Bends(Func<EpochLedger, SettlementOutcome, SettlementOutcome> bend) : HalfPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) => bend(ledger, base.Settle(ledger, policyState));
    }

    /// <summary>Remembers that it was called before.</summary>
    public sealed class Remembers : HalfPolicy
    {
        private int calls;

        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
            base.Settle(ledger, policyState) with { PolicyState = $"call {++calls}" };
    }

    /// <summary>Writes into the ledger that it was given.</summary>
    public sealed class WritesTheLedger : HalfPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState)
        {
            ((IList<LedgerEntry>)ledger.Entries)[0] = ledger.Entries[0] with { Price = Usdc.Zero };
            return base.Settle(ledger, policyState);
        }
    }

    public static SettlementOutcome WithMiners(SettlementOutcome outcome, IReadOnlyList<Payout> miners) =>
        outcome with { Settlement = outcome.Settlement with { Miners = miners } };

    public static SettlementOutcome WithOperations(SettlementOutcome outcome, long micro) =>
        outcome with { Settlement = outcome.Settlement with { Operations = Usdc.FromMicro(micro) } };

    /// <summary>A list that never ends when it is read.</summary>
    public sealed class Endless(Payout payout) : IReadOnlyList<Payout>
    {
        public int Count => 1;

        public Payout this[int index] => payout;

        public IEnumerator<Payout> GetEnumerator()
        {
            while (true)
            {
                yield return payout;
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
