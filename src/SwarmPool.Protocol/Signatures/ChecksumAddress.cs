using System.Text;
using SwarmPool.Identity;

namespace SwarmPool.Protocol.Signatures;

/// <summary>An account as wallets show it: capitals are the checksum of EIP-55, so that people can compare it, and a slip is seen.</summary>
public static class ChecksumAddress
{
    /// <summary>0x and 40 hex digits of mixed case; <see cref="EthAddress.TryParse"/> reads it back.</summary>
    /// <param name="account">The account.</param>
    public static string Of(EthAddress account)
    {
        var text = account.ToString().ToCharArray();
        Span<byte> hash = stackalloc byte[Keccak256.HashBytes];
        Keccak256.Hash(Encoding.ASCII.GetBytes(text, 2, 40), hash);
        for (var digit = 0; digit < 40; digit++)
        {
            if (((hash[digit / 2] >> (digit % 2 == 0 ? 4 : 0)) & 8) != 0)
            {
                text[digit + 2] = char.ToUpperInvariant(text[digit + 2]);
            }
        }

        return new string(text);
    }
}
