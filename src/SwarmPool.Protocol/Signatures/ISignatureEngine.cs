using SwarmPool.Identity;

namespace SwarmPool.Protocol.Signatures;

/// <summary>ECDSA over secp256k1 as Ethereum uses it. All engines give the same bytes (RFC 6979) and refuse the same signatures.</summary>
/// <remarks>Thread-safe. A signature is 65 bytes r‖s‖v with v 27 or 28 and s in the lower half of the order (EIP-2).</remarks>
public interface ISignatureEngine
{
    /// <summary>What it is, for the log.</summary>
    string Name { get; }

    /// <summary>
    /// The account that made a signature. False when it isn't one: other lengths, r or s zero or not below the order, s in the
    /// upper half, v other than 27 and 28, no such point.
    /// </summary>
    /// <param name="hash32">The 32-byte hash that was signed.</param>
    /// <param name="sig65">The signature.</param>
    /// <param name="address">Who signed; only that account could have.</param>
    bool TryRecover(ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> sig65, out EthAddress address);

    /// <summary>Signs a hash; the nonce is that of RFC 6979 with SHA-256.</summary>
    /// <param name="key32">The private key, big-endian, 1 to the order less 1.</param>
    /// <param name="hash32">The 32-byte hash.</param>
    /// <param name="sig65">Where the signature goes; 65 bytes.</param>
    /// <exception cref="ArgumentException">A length is wrong or the key is no private key.</exception>
    void Sign(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> hash32, Span<byte> sig65);

    /// <summary>The account of a private key.</summary>
    /// <param name="key32">The private key, big-endian, 1 to the order less 1.</param>
    /// <exception cref="ArgumentException">It is no private key.</exception>
    EthAddress AddressOf(ReadOnlySpan<byte> key32);
}
