using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Keys.Remote;

namespace SwarmPool.Runtime.Keys;

/// <summary>Loads a signer from where an operator keeps the key. No message ever shows a key or a password.</summary>
/// <remarks>Thread-safe. A keystore takes about a second, by design.</remarks>
public static class KeyLoader
{
    /// <summary>Loads a signer.</summary>
    /// <param name="options">Where the key is.</param>
    /// <returns>A signer; the caller disposes of it, which wipes the key.</returns>
    /// <exception cref="SwarmPoolException">
    /// SP1201: no source is named, or its file is missing. SP1202: more than one source, a file that others can read, what is
    /// there is no key or no keystore, or the signer is a remote one. SP1203: the password is missing or wrong.
    /// </exception>
    public static PrivateKeySigner Load(KeyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireOne(options);
        if (Door(options) is { } door)
        {
            throw new SwarmPoolException(ErrorCodes.KeyInvalid, $"A key is needed for {options.What}, and {door.Place} is a remote signer, which keeps its own.");
        }

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

    /// <summary>The key's signer, or a remote one, which has to be started still.</summary>
    internal static ISigner Signer(KeyOptions options, TimeProvider time)
    {
        RequireOne(options);
        return Door(options) is { } door ? new RemoteSigner(door, options.What, time) : Load(options);
    }

    private static void RequireOne(KeyOptions options)
    {
        (string What, string? Value)[] all =
        [
            ("a key from the environment", options.Key), ("a key file", options.KeyFile), ("a keystore", options.Keystore),
            ("a signer's command", options.SignerCommand), ("a signer's socket", options.SignerSocket),
        ];
        var named = all.Where(static source => !string.IsNullOrEmpty(source.Value)).Select(static source => source.What).ToList();
        if (named.Count == 0)
        {
            throw new SwarmPoolException(
                ErrorCodes.KeyMissing, $"There is no key for {options.What}: name a keystore, a key file, a remote signer, or set the key's environment variable.");
        }

        if (named.Count > 1)
        {
            throw new SwarmPoolException(ErrorCodes.KeyInvalid, $"There is more than one key for {options.What}: {string.Join(", ", named)}. Name one of them.");
        }
    }

    private static ISignerChannel? Door(KeyOptions options) =>
        !string.IsNullOrEmpty(options.SignerCommand) ? new SignerProcess(options.SignerCommand, options.SignerArguments)
        : !string.IsNullOrEmpty(options.SignerSocket) ? new SignerSocket(options.SignerSocket)
        : null;

    private static void Read(KeyOptions options, Span<byte> key)
    {
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
