using System.Security.Cryptography;
using Secp256k1Net;
using SwarmPool.Identity;

namespace SwarmPool.Protocol.Signatures;

/// <summary>libsecp256k1 as Secp256k1.Net brings it for ten systems: several times faster than managed code and without garbage. Never required.</summary>
/// <remarks>
/// The context is made once, for as long as the process runs, and only read afterwards, which the library documents as safe from many threads. The package has no
/// way of seeding the context's blinding; the library signs in constant time without it.
/// </remarks>
internal sealed class NativeEngine(Secp256k1 curve) : ISignatureEngine
{
    // The library's opaque types: 64 bytes for a public key, 65 for a recoverable signature.
    private const int PublicKeyBytes = 64;
    private const int RecoverableBytes = 65;

    public string Name => "libsecp256k1 (native, by Secp256k1.Net)";

    /// <summary>The engine, or null and why there is none.</summary>
    public static NativeEngine? TryLoad(out string why)
    {
        try
        {
            var engine = new NativeEngine(new Secp256k1());
            why = EngineSelfTest.Fault(engine) is { } fault ? $"libsecp256k1 failed its self-test: {fault}" : "";
            return why.Length == 0 ? engine : null;
        }
        catch (Exception e)
        {
            // The package throws plain exceptions where its library is missing, and whatever it is, the other engine is there.
            why = $"libsecp256k1 can't be used here: {e.Message.ReplaceLineEndings(" ")}";
            return null;
        }
    }

    public bool TryRecover(ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> sig65, out EthAddress address)
    {
        address = default;
        if (!Secp256k1Form.IsSignature(hash32, sig65))
        {
            return false;
        }

        Span<byte> signature = stackalloc byte[RecoverableBytes];
        Span<byte> key = stackalloc byte[PublicKeyBytes];
        if (!curve.EcdsaRecoverableSignatureParseCompact(signature, sig65[..64], sig65[64] - 27) || !curve.EcdsaRecover(key, signature, hash32))
        {
            return false;
        }

        address = AddressOfPoint(key);
        return true;
    }

    public void Sign(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> hash32, Span<byte> sig65)
    {
        Secp256k1Form.RequireKey(key32);
        Secp256k1Form.RequireLengths(hash32, sig65);
        Span<byte> signature = stackalloc byte[RecoverableBytes];
        if (!curve.EcdsaSignRecoverable(signature, hash32, key32) || !curve.EcdsaRecoverableSignatureSerializeCompact(sig65[..64], out var recovery, signature))
        {
            throw new CryptographicException($"{Name} could not sign.");
        }

        sig65[64] = Secp256k1Form.V(recovery, Name);
    }

    public EthAddress AddressOf(ReadOnlySpan<byte> key32)
    {
        Secp256k1Form.RequireKey(key32);
        Span<byte> key = stackalloc byte[PublicKeyBytes];
        return curve.EcPubkeyCreate(key, key32) ? AddressOfPoint(key) : throw new CryptographicException($"{Name} could not make a public key.");
    }

    private EthAddress AddressOfPoint(ReadOnlySpan<byte> key)
    {
        Span<byte> encoded = stackalloc byte[Secp256k1.SERIALIZED_UNCOMPRESSED_PUBKEY_LENGTH];
        var length = (nuint)encoded.Length;
        return curve.EcPubkeySerialize(encoded, ref length, key, Secp256k1EcFlags.Uncompressed)
            ? Secp256k1Form.AddressOf(encoded[1..])
            : throw new CryptographicException($"{Name} could not write a public key.");
    }
}
