using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Support;

internal static class Ledgers
{
    public static readonly Payee Operations = Payee("ops");

    public static EpochLedger Of(params (string Miner, long Micro)[] entries) =>
        new("epoch-7", 7, Operations, [.. entries.Select((e, i) => new LedgerEntry(
            Cid.OfBlock(Encoding.UTF8.GetBytes($"job {i}")),
            Cid.OfBlock(Encoding.UTF8.GetBytes($"proof {i}")),
            Payee(e.Miner),
            MiningMode.PPS,
            Usdc.FromMicro(e.Micro),
            1_760_000_000_000 + i))]);

    public static Payee Payee(string label) => new(EnsName.Parse(label + ".eth"), Address("address of " + label));

    public static EthAddress Address(string seed) => new(Sha256(seed).AsSpan(0, 20));

    public static byte[] Sha256(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
