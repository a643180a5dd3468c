using System.Security.Cryptography;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
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

    /// <param name="name">Who delegates; for the last role it is the pool.</param>
    /// <param name="role">0: a miner, 1: a client, 2: a pool.</param>
    public static DelegationSnapshot Delegation(EnsName name, int role)
    {
        long from = RandomNumberGenerator.GetInt32(int.MaxValue);
        return new()
        {
            Pool = Pool,
            Network = EnsChain.EnsChain.Network,
            Timestamp = from,
            Nonce = RandomNumberGenerator.GetHexString(32, lowercase: true),
            Name = role == 2 ? Pool : name,
            Role = new[] { DelegationRoles.Miner, DelegationRoles.Client, DelegationRoles.Pool }[role],
            Key = new EthAddress(RandomNumberGenerator.GetBytes(20)),
            Expires = from + RandomNumberGenerator.GetInt32(1, (int)DelegationSnapshot.LongestSeconds),
            SpendingCap = role == 1 ? Usdc.FromMicro(RandomNumberGenerator.GetInt32(int.MaxValue)) : null,
        };
    }

    public static RevocationSnapshot Revocation(EnsName name) => new()
    {
        Pool = Pool,
        Network = EnsChain.EnsChain.Network,
        Timestamp = RandomNumberGenerator.GetInt32(int.MaxValue),
        Nonce = RandomNumberGenerator.GetHexString(32, lowercase: true),
        Name = name,
        Revokes = RandomNumberGenerator.GetHexString(64, lowercase: true),
    };

    public static async Task<SignedSnapshot> SignAsync(Snapshot body, byte[] key)
    {
        using var signer = SignerOf(key);
        return await SnapshotCodec.SignAsync(body, signer, TestContext.Current.CancellationToken);
    }
}
