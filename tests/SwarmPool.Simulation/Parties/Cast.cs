using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Simulation.Parties;

/// <summary>The names of a run and their keys, the same in each.</summary>
internal static class Cast
{
    public const string Model = "m";

    public static readonly EnsName Pool = EnsName.Parse("pool.eth");
    public static readonly EnsName[] Miners = [EnsName.Parse("miner1.eth"), EnsName.Parse("miner2.eth"), EnsName.Parse("miner3.eth")];
    public static readonly EnsName Client = EnsName.Parse("client.eth");
    public static readonly EnsName Mallory = EnsName.Parse("mallory.eth");
    public static readonly EnsName Trudy = EnsName.Parse("trudy.eth");
    public static readonly EnsName[] Griefers = [EnsName.Parse("griefer1.eth"), EnsName.Parse("griefer2.eth"), EnsName.Parse("griefer3.eth"), EnsName.Parse("griefer4.eth")];
    public static readonly EnsName[] BadClients = [EnsName.Parse("bad1.eth"), EnsName.Parse("bad2.eth"), EnsName.Parse("bad3.eth"), EnsName.Parse("bad4.eth")];
    public static readonly EnsName Delegator = EnsName.Parse("delegator.eth");

    private static readonly Dictionary<EnsName, PrivateKeySigner> Signers =
        ((EnsName[])[Pool, .. Miners, .. Griefers, .. BadClients, Client, Mallory, Trudy, Delegator, EnsName.Parse("session.eth"), EnsName.Parse("nobody.eth")]).ToDictionary(
            name => name, name => new PrivateKeySigner(SecretOf(name), SignatureEngines.Best));

    public static byte[] SecretOf(EnsName name) => SHA256.HashData(Encoding.UTF8.GetBytes($"key of {name}"));

    public static PrivateKeySigner KeyOf(EnsName name) => Signers[name];

    /// <summary>The key by which the delegator's jobs are signed.</summary>
    public static PrivateKeySigner SessionKey => Signers[EnsName.Parse("session.eth")];

    /// <summary>A key that belongs to no name.</summary>
    public static PrivateKeySigner Stranger => Signers[EnsName.Parse("nobody.eth")];

    public static EthAddress? AddressOf(EnsName name) =>
        name.Text != "nobody.eth" && Signers.TryGetValue(name, out var signer) ? signer.Address : null;
}

internal sealed class SimNames : IIdentityProvider
{
    public string Network => "local";

    public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken) => new(
        Cast.AddressOf(name) is { } address
            ? new IdentityAnswer(IdentityStatus.Known, [address], address, 1, TimeSpan.FromMinutes(5))
            : IdentityAnswer.Unknown(TimeSpan.FromMinutes(5), "not listed"));
}

/// <summary>Nonces that a process counts.</summary>
internal sealed class SimNonces(string of) : INonceSource
{
    private long count;

    public string Next() => Nonce.FromHash(Encoding.UTF8.GetBytes($"{of}#{++count}"));
}
