namespace SwarmPool.Settlement;

/// <summary>What no host has yet.</summary>
public interface ISettlementReview
{
    string Review(EpochLedger ledger);
}
