using SwarmPool.Settlement;

namespace SwarmPool.Plugins.Settlement7525;

/// <summary>The order of payees that the settlement contract asks for: by name (ordinal), then by address (bytes).</summary>
internal static class PayeeOrder
{
    public static int Compare(Payee a, Payee b)
    {
        var byName = a.Name.CompareTo(b.Name);
        return byName != 0 ? byName : a.Address.CompareTo(b.Address);
    }
}
