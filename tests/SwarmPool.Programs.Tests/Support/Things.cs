using System.Text;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Tests.Support;

/// <summary>Names, CIDs and items that screens are tried on.</summary>
internal static class Things
{
    public static readonly EnsName Pool = EnsName.Parse("swarmpool.eth");
    public static readonly EnsName Alice = EnsName.Parse("miner.alice.eth");
    public static readonly EnsName Bob = EnsName.Parse("miner.bob.eth");
    public static readonly EnsName Clinic = EnsName.Parse("clinic.clientswarm.eth");
    public static readonly Cid Job = CidOf("job");
    public static readonly Cid Proof = CidOf("proof");
    public static readonly EthAddress Account = EthAddress.Parse("0x2e4011c8f9c8de290aad61055c2017d93ee4c69b");

    public static readonly JobNewItem NewJob = new(Job, Clinic, "image-classification", "digits-16", Usdc.Parse("0.1"), 1, World.Now.ToUnixTimeSeconds() + 600, 2);

    public static readonly ClaimAcceptedItem Claim = new(
        Job, 1, Alice, 7, World.Now.ToUnixTimeMilliseconds() + 300_000, World.Now.ToUnixTimeMilliseconds() + 3_600_000);

    public static EpochSnapshot Epoch => new()
    {
        Pool = Pool,
        Network = "local",
        Timestamp = World.Now.ToUnixTimeSeconds(),
        Nonce = new string('0', 32),
        EpochId = "epoch-7",
        Number = 7,
        Status = "sealed",
        StartedAt = World.Now.ToUnixTimeMilliseconds() - 3_600_000,
        EndedAt = World.Now.ToUnixTimeMilliseconds(),
        JobsCount = 2,
        ProofsCount = 2,
        TotalVolumeUsdc = Usdc.Parse("0.2"),
        Proofs = [],
        MerkleRoot = "0x",
        Policy = new PolicyIdentity("75/25", "1.0.0", ""),
        PolicyReplaced = false,
        Settlements = new EpochSettlements(Usdc.Parse("0.2"), Usdc.Parse("0.15"), Usdc.Parse("0.05"), new PayoutItem(Pool, Account, Usdc.Parse("0.05")), []),
        PayoutRoot = "0x",
        OpeningState = "",
        FromSequence = 1,
        ToSequence = 9,
        JournalRoot = "",
        Journal = [],
    };

    public static Cid CidOf(string text) => Cid.OfBlock(Encoding.UTF8.GetBytes(text));
}
