using System.Collections.Concurrent;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Tests.Auditing.Mutation;

/// <summary>Who has which account, as a stranger is told: everybody his test key's and a stake; one name is a contract's, which takes what it has signed.</summary>
internal sealed class World : IIdentityProvider
{
    public static readonly EnsName Safe = EnsName.Parse("safe.bob.eth");
    public static readonly EthAddress Contract = EthAddress.Parse("0x00000000000000000000000000000000000000cc");
    public static readonly Usdc Stake = Usdc.Parse("50");

    private static readonly ConcurrentDictionary<string, bool> Vouched = new(StringComparer.Ordinal);

    public string Network => "local";

    /// <summary>The contract signs.</summary>
    public static void Vouch(SignedSnapshot snapshot)
    {
        Assert.True(SnapshotSignature.TryReadForContract(snapshot, out var hash, out _));
        Vouched[Convert.ToHexString(hash)] = true;
    }

    public static EthAddress AccountOf(EnsName name) => name == Safe ? Contract : TestKeys.Of(name).Address;

    public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken) =>
        new(new IdentityAnswer(IdentityStatus.Known, [AccountOf(name)], null, 0, TimeSpan.FromMinutes(1), Stake));

    public ValueTask<ContractCheckResult> AskContractAsync(
        EthAddress account, ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken) =>
        new(new ContractCheckResult(account != Contract ? ContractStatus.NoContract : Vouched.ContainsKey(Convert.ToHexString(hash.Span)) ? ContractStatus.Accepted : ContractStatus.Refused, 0, ""));
}

/// <summary>Recovers each signature once: a thousand stories differ in one record each.</summary>
internal sealed class RememberingEngine : ISignatureEngine
{
    private readonly ConcurrentDictionary<string, (bool Is, EthAddress Account)> known = new(StringComparer.Ordinal);

    public string Name => SignatureEngines.Best.Name;

    public bool TryRecover(ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> sig65, out EthAddress address)
    {
        var key = Convert.ToHexString(hash32) + Convert.ToHexString(sig65);
        if (!known.TryGetValue(key, out var one))
        {
            one.Is = SignatureEngines.Best.TryRecover(hash32, sig65, out one.Account);
            known[key] = one;
        }

        address = one.Account;
        return one.Is;
    }

    public void Sign(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> hash32, Span<byte> sig65) => SignatureEngines.Best.Sign(key32, hash32, sig65);

    public EthAddress AddressOf(ReadOnlySpan<byte> key32) => SignatureEngines.Best.AddressOf(key32);
}
