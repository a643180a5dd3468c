using SwarmPool.Settlement;

namespace CustomSettlement;

/// <summary>The order that a settlement's payouts have: by name (ordinal), then by address (bytes).</summary>
internal static class PplnsPayeeOrder
{
    public static Comparer<Payee> ByNameAndAddress { get; } = Comparer<Payee>.Create(static (a, b) =>
        a.Name.CompareTo(b.Name) is var byName and not 0 ? byName : a.Address.CompareTo(b.Address));
}
