using SwarmPool.Core.Settlement;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// Settles epochs again by the policy at hand. What a policy begins with is what it returned for the epoch before, as the journal
/// records it; and what it returns here has to be what is recorded for this one, or the next would begin with an invention.
/// </summary>
/// <param name="policy">The policy; null settles nothing again.</param>
/// <param name="findings">Is told what differs.</param>
/// <remarks>Not thread-safe. It keeps the texts of those epochs alone whose turn is still to come.</remarks>
internal sealed class SplitAudit(ISettlementPolicy? policy, AuditFindings findings)
{
    private readonly Dictionary<long, (string State, long Sequence)> recorded = [];
    private readonly Dictionary<long, string> returned = [];

    /// <summary>What the policy returned for an epoch, as a record says; 0 for what the first epoch begins with.</summary>
    public void Record(long number, string policyState, long sequence)
    {
        recorded[number] = (policyState, sequence);
        Compare(number);
    }

    /// <summary>Whether it is recorded what the epoch's settlement began with.</summary>
    public bool IsDue(long number) => recorded.ContainsKey(number - 1);

    /// <summary>Settles an epoch that is due.</summary>
    /// <returns>False when it was settled by another policy than the one at hand.</returns>
    public bool Settle(EpochSnapshot epoch, EpochPages pages)
    {
        var before = recorded[epoch.Number - 1].State;
        recorded.Remove(epoch.Number - 1);
        if (policy is null || !SplitCheck.Covers(policy, epoch))
        {
            return false;
        }

        var ledger = EpochItems.Ledger(epoch, pages.Proofs, pages.Earlier);
        var differences = SplitCheck.Differences(epoch, ledger, pages.Payouts, policy, before, out var state);
        foreach (var difference in differences)
        {
            findings.Add(difference);
        }

        if (state is not null)
        {
            returned[epoch.Number] = state;
            Compare(epoch.Number);
        }

        return true;
    }

    private void Compare(long number)
    {
        if (recorded.TryGetValue(number, out var told) && returned.Remove(number, out var state))
        {
            findings.Expect(told.State == state, told.Sequence, $"it records another state of the policy than that returns for epoch-{number}, which the next epoch would begin with");
        }
    }
}
