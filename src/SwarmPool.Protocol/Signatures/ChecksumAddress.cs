using SwarmPool.Identity;

namespace SwarmPool.Protocol.Signatures;

/// <summary>An account as wallets show it: capitals are the checksum of EIP-55, so that people can compare it, and a slip is seen.</summary>
public static class ChecksumAddress
{
    /// <summary>0x and 40 hex digits of mixed case; <see cref="EthAddress.TryParseTyped"/> reads it back.</summary>
    /// <param name="account">The account.</param>
    public static string Of(EthAddress account) => account.ToChecksumString();
}
