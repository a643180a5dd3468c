using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Names;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Settlement;

/// <summary>Whom a settlement policy declares besides miners and operations, as names and addresses for the pool's settings.</summary>
internal static class PolicyPayees
{
    /// <summary>What the policy declares.</summary>
    /// <exception cref="SwarmPoolException">SP1106: more than <see cref="DeclaredPayee.Most"/>, one of them nobody, or a name twice.</exception>
    public static IReadOnlyList<DeclaredPayee> Of(ISettlementPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var payees = (policy.Payees ?? []).Take(DeclaredPayee.Most + 1).ToList();
        var wrong = payees.Count > DeclaredPayee.Most ? $"declares more than {DeclaredPayee.Most} payees"
            : payees.Contains(default) ? "declares a payee that is nobody"
            : payees.DistinctBy(static payee => payee.Name).Count() < payees.Count ? "declares a payee twice"
            : null;
        return wrong is null
            ? payees
            : throw new SwarmPoolException(
                ErrorCodes.PluginConfigureFailed, $"The settlement policy {GuardedSlot.Unwrap(policy).GetType()} {wrong}: they are recorded and published. Change its options, or fix the policy.");
    }

    /// <summary>They and where each is paid today; null when there is none, as settings have it.</summary>
    /// <exception cref="SwarmPoolException">SP1106, as above; SP1209 or SP2204: a name is not known, or can't be looked up now.</exception>
    public static async ValueTask<IReadOnlyList<Payee>?> ResolveAsync(ISettlementPolicy policy, NameCache names, CancellationToken cancellationToken)
    {
        var payees = new List<Payee>();
        foreach (var payee in Of(policy))
        {
            payees.Add(new Payee(payee.Name, payee.Address ?? await AddressOfAsync(payee, names, cancellationToken)));
        }

        return payees.Count == 0 ? null : payees;
    }

    /// <summary>The same, by names that are asked anew.</summary>
    public static ValueTask<IReadOnlyList<Payee>?> ResolveAsync(ISettlementPolicy policy, IIdentityProvider identity, TimeProvider time, CancellationToken cancellationToken) =>
        ResolveAsync(policy, new NameCache(identity, time), cancellationToken);

    private static async ValueTask<EthAddress> AddressOfAsync(DeclaredPayee payee, NameCache names, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await OwnName.ResolveAsync(names, payee.Name, cancellationToken);
            return answer.Payout ?? answer.Accounts[0];
        }
        catch (SwarmPoolException unknown)
        {
            throw new SwarmPoolException(unknown.Code, $"The settlement policy declares the payee {payee.Name}. {unknown.Message}", unknown);
        }
    }
}
