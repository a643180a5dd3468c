using System.Security.Cryptography;
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
    /// <param name="options">Where the key is; paths are absolute, or relative to the current folder.</param>
    /// <param name="owner">Whose key it is, for messages: "the pool swarmpool.eth".</param>
    /// <returns>A signer; the caller disposes of it, which wipes the key.</returns>
    /// <exception cref="SwarmPoolException">
    /// SP1201: no source is named, or its file is missing. SP1202: more than one source, a file that others can read, what is
    /// there is no key or no keystore, or the signer is a remote one. SP1203: the password is missing or wrong.
    /// </exception>
    public static PrivateKeySigner Load(SignerOptions options, string owner)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(owner);
        RequireOne(options, owner);
        if (Channel(options) is { } channel)
        {
            throw new SwarmPoolException(ErrorCodes.KeyInvalid, $"A key is needed for {owner}, and {channel.Place} is a remote signer, which keeps its own.");
        }

        var key = GC.AllocateArray<byte>(Secp256k1Form.KeyBytes, pinned: true);
        try
        {
            Read(options, owner, key);
            return new PrivateKeySigner(key, SignatureEngines.Best);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The password in a file: all of its text but the end of its last line.</summary>
    /// <param name="path">The file, which only its owner may read.</param>
    /// <param name="owner">Whose it is, for messages.</param>
    /// <exception cref="SwarmPoolException">SP1201: it can't be read. SP1202: others can read it. SP1203: it is no UTF-8 text.</exception>
    public static string Password(string path, string owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var text = SecretFile.ReadText(path, owner, ErrorCodes.KeystorePassword);
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }

    /// <summary>The key's signer, or a remote one, which has to be started still.</summary>
    internal static ISigner Signer(SignerOptions options, string owner, TimeProvider time)
    {
        RequireOne(options, owner);
        return Channel(options) is { } channel ? new RemoteSigner(channel, owner, time) : Load(options, owner);
    }

    /// <summary>The sources that are named, for messages.</summary>
    internal static IReadOnlyList<string> Named(SignerOptions options)
    {
        (string What, string? Value)[] all =
        [
            ("a key from the environment", options.Key), ("a key file", options.KeyFile), ("a keystore", options.Keystore),
            ("a signer's command", options.SignerCommand), ("a signer's socket", options.SignerSocket),
        ];
        return [.. all.Where(static source => !string.IsNullOrEmpty(source.Value)).Select(static source => source.What)];
    }

    internal static SwarmPoolException MoreThanOne(string owner, IEnumerable<string> named) => new(
        ErrorCodes.KeyInvalid, $"There is more than one key for {owner}: {string.Join(", ", named)}. Name one of them.");

    private static void RequireOne(SignerOptions options, string owner)
    {
        var named = Named(options);
        if (named.Count == 0)
        {
            throw new SwarmPoolException(
                ErrorCodes.KeyMissing, $"There is no key for {owner}: name a keystore, a key file, a remote signer, or set the key's environment variable.");
        }

        if (named.Count > 1)
        {
            throw MoreThanOne(owner, named);
        }
    }

    private static ISignerChannel? Channel(SignerOptions options) =>
        !string.IsNullOrEmpty(options.SignerCommand) ? new SignerProcess(options.SignerCommand, [.. options.SignerArguments])
        : !string.IsNullOrEmpty(options.SignerSocket) ? new SignerSocket(options.SignerSocket)
        : null;

    private static void Read(SignerOptions options, string owner, Span<byte> key)
    {
        if (!string.IsNullOrEmpty(options.Keystore))
        {
            Keystore.Read(options.Keystore, Password(options, owner), owner, key);
            return;
        }

        var (text, source) = string.IsNullOrEmpty(options.KeyFile)
            ? (options.Key!, "the environment variable")
            : (SecretFile.ReadText(options.KeyFile, owner, ErrorCodes.KeyInvalid), options.KeyFile);
        if (!TryHex(text, key))
        {
            throw new SwarmPoolException(
                ErrorCodes.KeyInvalid, $"The key for {owner} in {source} is not a private key: 64 hex digits, with or without 0x, are needed.");
        }
    }

    private static string Password(SignerOptions options, string owner)
    {
        if (!string.IsNullOrEmpty(options.Password))
        {
            return options.Password;
        }

        if (string.IsNullOrEmpty(options.PasswordFile))
        {
            throw new SwarmPoolException(
                ErrorCodes.KeystorePassword, $"The keystore {options.Keystore} for {owner} needs a password: name a password file, or set the password's environment variable.");
        }

        return Password(options.PasswordFile, owner);
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
