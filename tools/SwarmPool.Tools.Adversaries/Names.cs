using System.Buffers.Binary;
using System.Globalization;
using SwarmPool.Identity;

namespace SwarmPool.Tools.Adversaries;

/// <summary>Names and addresses by number.</summary>
internal static class Names
{
    public static EnsName Miner(int number) => EnsName.Parse(string.Create(CultureInfo.InvariantCulture, $"miner-{number}.eth"));

    public static EthAddress Address(int number)
    {
        var bytes = new byte[20];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), number + 1);
        return EthAddress.Parse($"0x{Convert.ToHexStringLower(bytes)}");
    }
}
