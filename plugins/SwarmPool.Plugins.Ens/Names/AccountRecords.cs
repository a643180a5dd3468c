using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Abi;
using SwarmPool.Plugins.Ens.Chain;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>The records that say who a name is: its address, and the text record that says where it is paid.</summary>
internal static class AccountRecords
{
    /// <summary>The text record with the address that a name is paid at, where that is not its own.</summary>
    public const string PayoutKey = "swarmpool.payout";

    public static NameQuery Query(EnsName name) => new(name, static node => [ResolverCalls.AddrOf(node), ResolverCalls.TextOf(node, PayoutKey)]);

    /// <summary>What a name's records say.</summary>
    /// <returns>The account and where it is paid, or the problem that leaves the name without.</returns>
    public static (EthAddress Account, EthAddress Payout, string? Problem) Read(NameReading reading)
    {
        if (reading.Problem is { } problem)
        {
            return (default, default, problem);
        }

        var (addr, payout) = (reading.Records[0], reading.Records[1]);
        if (addr.Reverted)
        {
            return (default, default, $"its resolver gives no address: {addr.Error}");
        }

        if (!new AbiReader(addr.Data).TryAddress(0, out var account))
        {
            return (default, default, "what its resolver gives as an address is not valid");
        }

        return account == default ? (default, default, "it has no address") : Paid(account, payout);
    }

    // A resolver without text records reverts, or has no such function: the name is paid at its own address. What is set and is no
    // address leaves the name unusable, since paying elsewhere than its owner wrote would be worse.
    private static (EthAddress Account, EthAddress Payout, string? Problem) Paid(EthAddress account, ContractAnswer payout)
    {
        if (payout.Reverted || payout.Data.Length == 0)
        {
            return (account, account, null);
        }

        if (!new AbiReader(payout.Data).TryText(0, out var text))
        {
            return (default, default, $"what its resolver gives as text record {PayoutKey} is not valid text");
        }

        if (text.Length == 0)
        {
            return (account, account, null);
        }

        return EthAddress.TryParseTyped(text, out var paid, out var problem)
            ? (account, paid, null)
            : (default, default, $"its text record {PayoutKey} {problem}");
    }
}
