using System.Security.Cryptography;
using System.Text;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Signatures;

namespace SwarmPool.Runtime.Keys;

/// <summary>Loads a signer from where an operator keeps the key. No message ever shows a key or a password.</summary>
/// <remarks>Thread-safe. A keystore takes about a second, by design.</remarks>
public static class KeyLoader
{
    /// <summary>Loads a signer.</summary>
    /// <param name="options">Where the key is.</param>
    /// <returns>A signer; the caller disposes of it, which wipes the key.</returns>
    /// <exception cref="SwarmPoolException">
    /// SP1201: no source is named, or its file is missing. SP1202: more than one source, a file that others can read, or what is
    /// there is no key or no keystore. SP1203: the password is missing or wrong.
    /// </exception>
    public static PrivateKeySigner Load(KeyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var key = GC.AllocateArray<byte>(Secp256k1Form.KeyBytes, pinned: true);
        try
        {
            Read(options, key);
            return new PrivateKeySigner(key, SignatureEngines.Best);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void Read(KeyOptions options, Span<byte> key)
    {
        var sources = new[] { options.Key, options.KeyFile, options.Keystore }.Count(static source => !string.IsNullOrEmpty(source));
        if (sources == 0)
        {
            throw new SwarmPoolException(
                ErrorCodes.KeyMissing, $"There is no key for {options.What}: name a keystore, a key file, or set the key's environment variable.");
        }

        if (sources > 1)
        {
            throw new SwarmPoolException(ErrorCodes.KeyInvalid, $"There is more than one key for {options.What}: name one of keystore, key file and environment variable.");
        }

        if (!string.IsNullOrEmpty(options.Keystore))
        {
            Keystore.Read(options.Keystore, Password(options), options.What, key);
            return;
        }

        var (text, source) = string.IsNullOrEmpty(options.KeyFile)
            ? (options.Key!, "the environment variable")
            : (Encoding.UTF8.GetString(SecretFile.Read(options.KeyFile, options.What)), options.KeyFile);
        if (!TryHex(text, key))
        {
            throw new SwarmPoolException(
                ErrorCodes.KeyInvalid, $"The key for {options.What} in {source} is not a private key: 64 hex digits, with or without 0x, are needed.");
        }
    }

    private static string Password(KeyOptions options)
    {
        if (!string.IsNullOrEmpty(options.Password))
        {
            return options.Password;
        }

        if (string.IsNullOrEmpty(options.PasswordFile))
        {
            throw new SwarmPoolException(
                ErrorCodes.KeystorePassword, $"The keystore {options.Keystore} for {options.What} needs a password: name a password file, or set the password's environment variable.");
        }

        var text = Encoding.UTF8.GetString(SecretFile.Read(options.PasswordFile, options.What));
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }

    private static bool TryHex(string text, Span<byte> key)
    {
        var digits = text.AsSpan().Trim();
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[2..];
        }

        return digits.Length == 2 * Secp256k1Form.KeyBytes
            && Convert.FromHexString(digits, key, out _, out _) == System.Buffers.OperationStatus.Done
            && Secp256k1Form.IsKey(key);
    }
}
