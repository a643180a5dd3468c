using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using NBitcoin.Secp256k1;
using SwarmPool.Identity;

namespace SwarmPool.Protocol.Signatures;

/// <summary>NBitcoin.Secp256k1, libsecp256k1 rewritten in C#: there on every machine.</summary>
/// <remarks>The package by itself takes any recovery id, and a hash above the order gets another nonce than that of RFC 6979: both are seen to here.</remarks>
internal sealed class ManagedEngine : ISignatureEngine
{
    public string Name => "NBitcoin.Secp256k1 (managed)";

    public bool TryRecover(ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> sig65, out EthAddress address)
    {
        address = default;
        if (!Secp256k1Form.IsSignature(hash32, sig65) || !TryRecover(hash32, sig65, out ECPubKey? key))
        {
            return false;
        }

        address = AddressOf(key);
        return true;
    }

    public void Sign(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> hash32, Span<byte> sig65)
    {
        Secp256k1Form.RequireLengths(hash32, sig65);
        using var key = Key(key32);

        // RFC 6979 makes the nonce of the hash modulo the order.
        Span<byte> reduced = stackalloc byte[Secp256k1Form.HashBytes];
        new Scalar(hash32).WriteToSpan(reduced);
        if (!key.TrySignRecoverable(reduced, out var signature) || signature is null)
        {
            throw new CryptographicException($"{Name} could not sign.");
        }

        signature.WriteToSpanCompact(sig65[..64], out var recovery);
        sig65[64] = Secp256k1Form.V(recovery, Name);
    }

    public EthAddress AddressOf(ReadOnlySpan<byte> key32)
    {
        using var key = Key(key32);
        return AddressOf(key.CreatePubKey());
    }

    private static bool TryRecover(ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> sig65, [NotNullWhen(true)] out ECPubKey? key)
    {
        key = null;
        return SecpRecoverableECDSASignature.TryCreateFromCompact(sig65[..64], sig65[64] - 27, out var signature)
            && ECPubKey.TryRecover(Context.Instance, signature, hash32, out key);
    }

    private static ECPrivKey Key(ReadOnlySpan<byte> key32)
    {
        Secp256k1Form.RequireKey(key32);
        return ECPrivKey.Create(key32);
    }

    private static EthAddress AddressOf(ECPubKey key)
    {
        Span<byte> encoded = stackalloc byte[65];
        key.WriteToSpan(compressed: false, encoded, out _);
        return Secp256k1Form.AddressOf(encoded[1..]);
    }
}
