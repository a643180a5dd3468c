using System.Security.Cryptography;
using SwarmPool.Identity;
using SwarmPool.Runtime.Signatures;
using SwarmPool.Runtime.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ens.Tests.Support;

/// <summary>Snapshots with random contents, and keys to sign them.</summary>
internal static class Said
{
    private static readonly EnsName Pool = EnsName.Parse("swarmpool.eth");

    public static PrivateKeySigner SignerOf(byte[] key) => new(key, SignatureEngines.Best);

    public static JobSnapshot Job(EnsName client) => new()
    {
        Pool = Pool,
        Network = EnsChain.EnsChain.Network,
        Timestamp = RandomNumberGenerator.GetInt32(int.MaxValue),
        Nonce = RandomNumberGenerator.GetHexString(32, lowercase: true),
        Client = client,
        JobType = "text",
        Model = "model-" + RandomNumberGenerator.GetHexString(8, lowercase: true),
        InputCid = ContentAddress.Of(RandomNumberGenerator.GetBytes(32)),
        Payment = new JobPayment(Usdc.FromMicro(RandomNumberGenerator.GetInt32(1, int.MaxValue))),
        Deadline = RandomNumberGenerator.GetInt32(int.MaxValue),
    };

    public static CancelSnapshot Cancel(EnsName client) => new()
    {
        Pool = Pool,
        Network = EnsChain.EnsChain.Network,
        Timestamp = RandomNumberGenerator.GetInt32(int.MaxValue),
        Nonce = RandomNumberGenerator.GetHexString(32, lowercase: true),
        Client = client,
        JobCid = ContentAddress.Of(RandomNumberGenerator.GetBytes(32)),
    };

    public static async Task<SignedSnapshot> SignAsync(Snapshot body, byte[] key)
    {
        using var signer = SignerOf(key);
        return await SnapshotCodec.SignAsync(body, signer, TestContext.Current.CancellationToken);
    }
}
