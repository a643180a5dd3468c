using System.Security.Cryptography;
using System.Text.Json;
using Nethereum.KeyStore.Crypto;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Runtime.Keys;

/// <summary>Encrypted key files: Web3 Secret Storage, version 3, as geth and wallets write them.</summary>
/// <remarks>Thread-safe. Nethereum.KeyStore does the arithmetic; what a file may ask for is decided here, before it gets it.</remarks>
public static class Keystore
{
    private const int IvBytes = 16;
    private const int MacBytes = 32;

    private static readonly KeyStoreCrypto Primitives = new();

    /// <summary>
    /// Encrypts a key under a password into a new file (mode 0600 on Unix), by scrypt with n = 2^17, r = 8, p = 1: 128 MiB and
    /// about a second for whoever guesses, and for every start.
    /// </summary>
    /// <param name="path">The file; there must be none.</param>
    /// <param name="key32">The private key.</param>
    /// <param name="password">Any text but an empty one; it is used as UTF-8.</param>
    /// <exception cref="ArgumentException">The key is no private key, or the password is empty.</exception>
    /// <exception cref="IOException">There is a file already, or it can't be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> key32, string password) =>
        SecretFile.Create(path, Encrypt(key32, password, ScryptKdf.ForNewKeystores()));

    internal static byte[] Encrypt(ReadOnlySpan<byte> key32, string password, ScryptKdf kdf)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        Secp256k1Form.RequireKey(key32);
        var iv = RandomNumberGenerator.GetBytes(IvBytes);
        var derived = kdf.Derive(password);
        var plain = key32.ToArray();
        var cipher = Crypt(derived, iv, plain);
        var mac = Primitives.GenerateMac(derived, cipher);
        CryptographicOperations.ZeroMemory(plain);
        CryptographicOperations.ZeroMemory(derived);

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", 3);
            writer.WriteString("id", NewId());
            writer.WriteString("address", SignatureEngines.Best.AddressOf(key32).ToString()[2..]);
            writer.WriteStartObject("crypto");
            writer.WriteString("cipher", "aes-128-ctr");
            writer.WriteStartObject("cipherparams");
            writer.WriteString("iv", Convert.ToHexStringLower(iv));
            writer.WriteEndObject();
            writer.WriteString("ciphertext", Convert.ToHexStringLower(cipher));
            kdf.WriteTo(writer);
            writer.WriteString("mac", Convert.ToHexStringLower(mac));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    internal static void Read(string path, string password, string what, Span<byte> key)
    {
        var text = SecretFile.ReadBounded(path, what);
        try
        {
            if (!TryDecrypt(text, password, key))
            {
                throw new SwarmPoolException(ErrorCodes.KeystorePassword, $"The password for the keystore {path} of {what} is wrong: check the password file, or the password's environment variable.");
            }
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new SwarmPoolException(ErrorCodes.KeyInvalid, $"{path}, for {what}, is no keystore that can be read: {e.Message}", e);
        }
    }

    /// <summary>False when the password is wrong.</summary>
    /// <exception cref="FormatException">It is no keystore, or its parameters are out of bounds.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    internal static bool TryDecrypt(ReadOnlyMemory<byte> json, string password, Span<byte> key)
    {
        using var document = TextFile.ParseJson(json, new JsonDocumentOptions { MaxDepth = 8 });
        var root = new KeystoreReader(document.RootElement, "$");
        if (root.Integer("version") != 3)
        {
            throw new FormatException("its version is not 3");
        }

        var crypto = root.Object(root.Has("Crypto") ? "Crypto" : "crypto");
        if (crypto.Text("cipher") != "aes-128-ctr")
        {
            throw new FormatException("its cipher is not aes-128-ctr");
        }

        var cipher = crypto.Hex("ciphertext", Secp256k1Form.KeyBytes);
        var iv = crypto.Object("cipherparams").Hex("iv", IvBytes);
        var mac = crypto.Hex("mac", MacBytes);
        var derived = KeystoreKdf.Read(crypto).Derive(password);
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(Primitives.GenerateMac(derived, cipher), mac))
            {
                return false;
            }

            var plain = Crypt(derived, iv, cipher);
            plain.CopyTo(key);
            CryptographicOperations.ZeroMemory(plain);
            return Secp256k1Form.IsKey(key) ? true : throw new FormatException("what it holds is no secp256k1 private key");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    // AES in counter mode: encrypting and decrypting are the same.
    private static byte[] Crypt(byte[] derived, byte[] iv, byte[] text)
    {
        var key = Primitives.GenerateCipherKey(derived);
        try
        {
            return Primitives.GenerateAesCtrCipher(iv, key, text);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    // A random UUID (RFC 9562, version 4). It names the file and protects nothing.
    private static string NewId()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
