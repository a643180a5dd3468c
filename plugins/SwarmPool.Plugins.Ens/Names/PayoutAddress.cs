using System.Diagnostics.CodeAnalysis;
using System.Text;
using SwarmPool.Identity;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>Reads an address that a person wrote, where a slip costs money: mixed case has to be the checksum of EIP-55.</summary>
internal static class PayoutAddress
{
    public static bool TryParse(string text, out EthAddress address, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (!EthAddress.TryParse(text, out address) || address == default)
        {
            problem = "is not an address: 0x and 40 hex digits, not all zero";
        }
        else if (text.AsSpan(2).ContainsAnyInRange('a', 'f') && text.AsSpan(2).ContainsAnyInRange('A', 'F') && text.AsSpan(2) is var digits && !digits.SequenceEqual(Checksummed(address)))
        {
            problem = "is an address with a wrong checksum: a digit is wrong";
        }

        return problem is null;
    }

    private static string Checksummed(EthAddress address)
    {
        var digits = address.ToString()[2..].ToCharArray();
        Span<byte> hash = stackalloc byte[Keccak.HashBytes];
        Keccak.Hash(Encoding.ASCII.GetBytes(digits), hash);
        for (var i = 0; i < digits.Length; i++)
        {
            var nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
            digits[i] = nibble >= 8 ? char.ToUpperInvariant(digits[i]) : digits[i];
        }

        return new string(digits);
    }
}
