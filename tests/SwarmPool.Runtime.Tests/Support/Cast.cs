using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Runtime.Tests.Support;

/// <summary>Who plays in a test: names with real keys, and the identity provider that knows them.</summary>
internal sealed class Cast : IIdentityProvider
{
    public static readonly EnsName Pool = EnsName.Parse("swarmpool.eth");
    public static readonly EnsName Alice = EnsName.Parse("miner.alice.eth");
    public static readonly EnsName Bob = EnsName.Parse("miner.bob.eth");
    public static readonly EnsName Clinic = EnsName.Parse("clinic.clientswarm.eth");
    public static readonly EnsName Mallory = EnsName.Parse("mallory.eth");

    private readonly ConcurrentDictionary<EnsName, PrivateKeySigner> signers = new();

    public Cast()
    {
        foreach (var name in (EnsName[])[Pool, Alice, Bob, Clinic, Mallory])
        {
            signers[name] = new PrivateKeySigner(SHA256.HashData(Encoding.UTF8.GetBytes(name.Text)), SignatureEngines.Best);
        }
    }

    public string Network => "local";

    /// <summary>Where a name is paid, when that is not its own account.</summary>
    public ConcurrentDictionary<EnsName, EthAddress> Payouts { get; } = new();

    /// <summary>What is said of a name instead, while it is there.</summary>
    public ConcurrentDictionary<EnsName, IdentityAnswer> Instead { get; } = new();

    public ISigner SignerOf(EnsName name) => signers[name];

    public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken) => new(
        Instead.TryGetValue(name, out var instead)
            ? instead
            : signers.TryGetValue(name, out var signer)
            ? new IdentityAnswer(IdentityStatus.Known, [signer.Address], Payouts.TryGetValue(name, out var payout) ? payout : signer.Address, 0, TimeSpan.FromHours(1))
            : IdentityAnswer.Unknown(TimeSpan.FromSeconds(1), "it is in no list"));
}
