using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Load;

/// <summary>As many names as a run needs, each with a key made from the name, and the identity provider that knows them all.</summary>
internal sealed class Crowd(ISignatureEngine engine) : IIdentityProvider
{
    private readonly ConcurrentDictionary<EnsName, PrivateKeySigner> signers = new();

    public static EnsName Pool { get; } = EnsName.Parse("pool.load.eth");

    public string Network => "local";

    public static EnsName Client(int number) => EnsName.Parse($"client{number}.load.eth");

    public static EnsName Miner(int number) => EnsName.Parse($"miner{number}.load.eth");

    public ISigner Signer(EnsName name) => signers.GetOrAdd(
        name, n => new PrivateKeySigner(SHA256.HashData(Encoding.UTF8.GetBytes("key of " + n)), engine));

    public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken)
    {
        var address = Signer(name).Address;
        return new(new IdentityAnswer(IdentityStatus.Known, [address], address, 0, TimeSpan.FromHours(24)));
    }
}
