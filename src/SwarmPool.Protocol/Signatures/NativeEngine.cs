using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SwarmPool.Identity;

namespace SwarmPool.Protocol.Signatures;

/// <summary>libsecp256k1, found at run time: several times faster than managed code and without garbage. Never required.</summary>
/// <remarks>
/// The context is made once and only read afterwards, which the library documents as safe from many threads. Its blinding is
/// seeded once, against side channels of signing; it doesn't change what is signed.
/// </remarks>
internal sealed unsafe class NativeEngine : ISignatureEngine
{
    private const uint SignAndVerify = 0x0301;
    private const uint Uncompressed = 0x0002;

    // The library's opaque types: 64 bytes for a public key, 65 for a recoverable signature.
    private const int PublicKeyBytes = 64;
    private const int RecoverableBytes = 65;

    private readonly nint context;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, int, int> parse;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, int> recover;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, nint, nint, int> sign;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, int*, byte*, int> serializeSignature;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint*, byte*, uint, int> serializeKey;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, int> createKey;

    private NativeEngine(nint library, string name)
    {
        Name = $"libsecp256k1 (native, {name})";
        parse = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, int, int>)Export("ecdsa_recoverable_signature_parse_compact");
        recover = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, int>)Export("ecdsa_recover");
        sign = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, byte*, nint, nint, int>)Export("ecdsa_sign_recoverable");
        serializeSignature = (delegate* unmanaged[Cdecl]<nint, byte*, int*, byte*, int>)Export("ecdsa_recoverable_signature_serialize_compact");
        serializeKey = (delegate* unmanaged[Cdecl]<nint, byte*, nuint*, byte*, uint, int>)Export("ec_pubkey_serialize");
        createKey = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, int>)Export("ec_pubkey_create");
        var create = (delegate* unmanaged[Cdecl]<uint, nint>)Export("context_create");
        var randomize = (delegate* unmanaged[Cdecl]<nint, byte*, int>)Export("context_randomize");
        context = create(SignAndVerify);
        var seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(new Span<byte>(seed, 32));
        if (context == 0 || randomize(context, seed) != 1)
        {
            throw new CryptographicException($"{name} could not make a context.");
        }

        nint Export(string function) => NativeLibrary.GetExport(library, "secp256k1_" + function);
    }

    public string Name { get; }

    /// <summary>The engine, or null and why there is none.</summary>
    public static NativeEngine? TryLoad(out string why)
    {
        if (!NativeLibraryFinder.TryLoad(out var library, out var name, out var missing))
        {
            why = missing;
            return null;
        }

        try
        {
            var engine = new NativeEngine(library, name);
            why = EngineSelfTest.Fault(engine) is { } fault ? $"{name} failed its self-test: {fault}" : "";
            return why.Length == 0 ? engine : null;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or CryptographicException)
        {
            why = $"{name} can't be used: {e.Message}";
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

        var signature = stackalloc byte[RecoverableBytes];
        var key = stackalloc byte[PublicKeyBytes];
        fixed (byte* hash = hash32, compact = sig65)
        {
            if (parse(context, signature, compact, sig65[64] - 27) != 1 || recover(context, key, signature, hash) != 1)
            {
                return false;
            }
        }

        address = AddressOf(key);
        return true;
    }

    public void Sign(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> hash32, Span<byte> sig65)
    {
        Secp256k1Form.RequireKey(key32);
        Secp256k1Form.RequireLengths(hash32, sig65);
        var signature = stackalloc byte[RecoverableBytes];
        int recovery;
        fixed (byte* hash = hash32, key = key32, compact = sig65)
        {
            if (sign(context, signature, hash, key, 0, 0) != 1 || serializeSignature(context, compact, &recovery, signature) != 1)
            {
                throw new CryptographicException($"{Name} could not sign.");
            }
        }

        if (recovery > 1)
        {
            // A chance of 2⁻¹²⁷: the nonce's x is at or above the order, which no v of Ethereum can say.
            throw new CryptographicException($"{Name} gave a signature that Ethereum can't express; sign another text.");
        }

        sig65[64] = (byte)(27 + recovery);
    }

    public EthAddress AddressOf(ReadOnlySpan<byte> key32)
    {
        Secp256k1Form.RequireKey(key32);
        var key = stackalloc byte[PublicKeyBytes];
        fixed (byte* secret = key32)
        {
            return createKey(context, key, secret) == 1 ? AddressOf(key) : throw new CryptographicException($"{Name} could not make a public key.");
        }
    }

    private EthAddress AddressOf(byte* key)
    {
        var encoded = stackalloc byte[65];
        nuint length = 65;
        serializeKey(context, encoded, &length, key, Uncompressed);
        return Secp256k1Form.AddressOf(new ReadOnlySpan<byte>(encoded + 1, 64));
    }
}

/// <summary>Looks for libsecp256k1 under the names that systems give it.</summary>
internal static class NativeLibraryFinder
{
    private static readonly string[] Names =
    [
        "libsecp256k1.so.2", "libsecp256k1.so.5", "libsecp256k1.so.1", "libsecp256k1.so.0", "libsecp256k1.so",
        "libsecp256k1.dylib", "libsecp256k1.2.dylib", "secp256k1.dll", "libsecp256k1.dll",
    ];

    /// <summary>Loads the first that has the recovery module; on false <paramref name="why"/> says what was found instead.</summary>
    public static bool TryLoad(out nint library, out string name, [NotNullWhen(false)] out string? why)
    {
        why = "libsecp256k1 is not installed";
        foreach (var candidate in Names)
        {
            if (!NativeLibrary.TryLoad(candidate, Assembly.GetExecutingAssembly(), DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories, out library))
            {
                continue;
            }

            if (NativeLibrary.TryGetExport(library, "secp256k1_ecdsa_recover", out _))
            {
                name = candidate;
                why = null;
                return true;
            }

            NativeLibrary.Free(library);
            why = $"{candidate} was built without its recovery module";
        }

        library = 0;
        name = "";
        return false;
    }
}
