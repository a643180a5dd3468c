using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Nethereum.KeyStore.Crypto;

namespace SwarmPool.Runtime.Keys;

/// <summary>
/// How a keystore makes 32 bytes of its password. Parameters are bounded, since a keystore may come from anywhere, and the library
/// behind takes what it is given: an n that is no power of two, or terabytes.
/// </summary>
internal abstract class KeystoreKdf
{
    protected const int DerivedBytes = 32;
    private const int MostSaltBytes = 64;

    /// <summary>Derives 32 bytes; the caller wipes them.</summary>
    public abstract byte[] Derive(string password);

    /// <exception cref="FormatException">The function is unknown or a parameter is out of bounds.</exception>
    public static KeystoreKdf Read(KeystoreReader crypto)
    {
        var parameters = crypto.Object("kdfparams");
        parameters.Integer("dklen", DerivedBytes, DerivedBytes);
        var salt = parameters.Hex("salt");
        if (salt.Length > MostSaltBytes)
        {
            throw new FormatException($"its salt has {salt.Length} bytes; at most {MostSaltBytes} are read");
        }

        return crypto.Text("kdf") switch
        {
            "scrypt" => new ScryptKdf(parameters.Integer("n", 2, 1 << 20), parameters.Integer("r", 1, 32), parameters.Integer("p", 1, 16), salt),
            "pbkdf2" when parameters.Text("prf") == "hmac-sha256" => new Pbkdf2Kdf(parameters.Integer("c", 1, 10_000_000), salt),
            _ => throw new FormatException("its key derivation is neither scrypt nor pbkdf2 with hmac-sha256"),
        };
    }
}

/// <summary>scrypt (RFC 7914).</summary>
internal sealed class ScryptKdf : KeystoreKdf
{
    private const long MostWork = 512L << 20;

    private readonly int n;
    private readonly int r;
    private readonly int p;
    private readonly byte[] salt;

    public ScryptKdf(int n, int r, int p, byte[] salt)
    {
        if (!BitOperations.IsPow2(n) || 128L * n * r * p > MostWork)
        {
            throw new FormatException($"its scrypt parameters n={n}, r={r}, p={p} are refused: n is a power of two, and 128·n·r·p at most {MostWork}");
        }

        (this.n, this.r, this.p, this.salt) = (n, r, p, salt);
    }

    public static ScryptKdf ForNewKeystores() => new(1 << 17, 8, 1, RandomNumberGenerator.GetBytes(32));

    public override byte[] Derive(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        try
        {
            return new KeyStoreCrypto().GenerateDerivedScryptKey(bytes, salt, n, r, p, DerivedBytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteString("kdf", "scrypt");
        writer.WriteStartObject("kdfparams");
        writer.WriteNumber("dklen", DerivedBytes);
        writer.WriteNumber("n", n);
        writer.WriteNumber("r", r);
        writer.WriteNumber("p", p);
        writer.WriteString("salt", Convert.ToHexStringLower(salt));
        writer.WriteEndObject();
    }
}

/// <summary>PBKDF2 (RFC 8018) with HMAC-SHA-256.</summary>
internal sealed class Pbkdf2Kdf(int iterations, byte[] salt) : KeystoreKdf
{
    public override byte[] Derive(string password) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, DerivedBytes);
}
