using SwarmPool.Core.Auditing;
using SwarmPool.Runtime.Names.Delegations;

namespace SwarmPool.Runtime.Auditing;

/// <summary>
/// Fetches the delegations that no audited record held: recorded before the audit began, or the same delegation signed anew, which is
/// recorded once.
/// </summary>
internal static class DelegationLookup
{
    /// <returns>Those that are unavailable, a line each.</returns>
    public static async Task<IReadOnlyList<string>> CompareAsync(
        DelegationBindings bindings, DelegationCache delegations, AuditTimeBudget budget, CancellationToken cancellationToken)
    {
        var (missing, open) = (new List<string>(), bindings.Open);
        for (var i = 0; i < open.Count; i++)
        {
            if (budget.IsOver)
            {
                missing.Add($"{open.Count - i} more delegations that no record holds were not looked up: it took too long");
                break;
            }

            var (known, refusal) = await delegations.GetAsync(open[i].Named, cancellationToken);
            if (refusal is not null)
            {
                missing.Add(FormattableString.Invariant($"the message of record {open[i].Sequence} names the delegation {open[i].Named}, which no record holds and can't be read: {refusal.Reason}"));
            }
            else
            {
                bindings.Compare(open[i], known!.Digest);
            }
        }

        return missing;
    }
}
