using System.Globalization;
using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;

namespace SwarmPool.Testing.Tests.Settlement;

/// <summary>Policies that are wrong in one way each.</summary>
internal static class WrongPolicies
{
    public sealed class LosesTheRemainder : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
            Outcome(ledger, entry => entry.Price.Micro * 3 / 4, operations: ledger.Volume.Micro / 4);
    }

    public sealed class RoundsUp : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
            Outcome(ledger, entry => ((entry.Price.Micro * 3) + 3) / 4, operations: ledger.Volume.Micro / 4);
    }

    public sealed class PaysByCount : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState)
        {
            var each = ledger.Volume.Micro * 3 / 4 / Math.Max(1, ledger.Entries.Count);
            return Outcome(ledger, _ => each);
        }
    }

    public sealed class GivesTheRemainderToTheFirstEntry : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState)
        {
            var quarter = ledger.Volume.Micro / 4;
            var rest = ledger.Volume.Micro - quarter - ledger.Entries.Sum(entry => entry.Price.Micro * 3 / 4);
            return Outcome(ledger, entry => (entry.Price.Micro * 3 / 4) + (ReferenceEquals(entry, ledger.Entries[0]) ? rest : 0), quarter);
        }
    }

    public sealed class TakesAFeeThatMayBeMoreThanThereIs : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) => Outcome(ledger, entry => entry.Price.Micro - 1_000);
    }

    public sealed class PaysAStranger : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState)
        {
            var right = base.Settle(ledger, policyState);
            return With(right, right.Settlement.Miners.Append(new Payout(Ledgers.PayeeOf("zz-friend"), Usdc.Zero)));
        }
    }

    public sealed class PaysEachJobByItself : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) => With(
            base.Settle(ledger, policyState),
            ledger.Entries.Select(entry => new Payout(entry.Miner, Usdc.FromMicro(entry.Price.Micro * 3 / 4))).OrderBy(payout => payout.To.Name));
    }

    public sealed class TakesOneNameForOnePayee : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState)
        {
            var right = base.Settle(ledger, policyState);
            return With(right, right.Settlement.Miners.GroupBy(payout => payout.To.Name).Select(own => own.First()));
        }
    }

    public sealed class ListsTheRichestFirst : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState)
        {
            var right = base.Settle(ledger, policyState);
            return With(right, right.Settlement.Miners.OrderByDescending(payout => payout.Amount));
        }
    }

    public sealed class ThrowsOnAnEmptyEpoch : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
            ledger.Entries.Max(entry => entry.Price) > Usdc.Zero ? base.Settle(ledger, policyState) : base.Settle(ledger, "");
    }

    /// <summary>Every other call gives the remainder to somebody else.</summary>
    public sealed class RemembersItsCalls : RightPolicy
    {
        private int calls;

        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
            base.Settle(ledger, policyState) with { PolicyState = (++calls).ToString(CultureInfo.InvariantCulture) };
    }

    public sealed class CarriesAllItEverSaw : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
            base.Settle(ledger, policyState) with { PolicyState = policyState + string.Concat(ledger.Entries.Select(entry => entry.Miner.Name).Order()) };
    }

    public sealed class CountsInDoubles : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
            Outcome(ledger, entry => (long)Math.Round(entry.Price.Micro * 0.75), operations: (long)Math.Round(ledger.Volume.Micro * 0.25));
    }

    public sealed class CountsInInts : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
            Outcome(ledger, entry => unchecked((int)entry.Price.Micro * 3) / 4);
    }

    public sealed class DrawsLots : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState)
        {
            var lucky = ledger.Entries.Count == 0 ? -1 : Random.Shared.Next(ledger.Entries.Count);
            return Outcome(ledger, entry => (entry.Price.Micro * 3 / 4) + (lucky >= 0 && ReferenceEquals(entry, ledger.Entries[lucky]) ? 1 : 0));
        }
    }

    public sealed class WritesIntoTheLedger : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState)
        {
            var right = base.Settle(ledger, policyState);
            if (ledger.Entries is LedgerEntry[] entries)
            {
                Array.Reverse(entries);
            }

            return right;
        }
    }

    public sealed class WritesItsStateInTheCultureOfTheMachine : RightPolicy
    {
        public override SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
            base.Settle(ledger, policyState) with { PolicyState = (ledger.Volume.Micro / 1_000_000m).ToString(CultureInfo.CurrentCulture) };
    }

    public sealed class HasNoNameToPublish : ISettlementPolicy
    {
        public string Name => "правило";

        public string Version => "";

        public SettlementOutcome Settle(EpochLedger ledger, string policyState) => new RightPolicy().Settle(ledger, policyState);
    }
}
