namespace SwarmPool.Runtime.Keys;

/// <summary>
/// Where signatures come from: exactly one of <see cref="Key"/>, <see cref="KeyFile"/>, <see cref="Keystore"/>,
/// <see cref="SignerCommand"/> and <see cref="SignerSocket"/>.
/// </summary>
/// <remarks>A class and no record, so that no ToString shows a key. Empty texts count as absent.</remarks>
public sealed class KeyOptions
{
    /// <summary>The key itself: 64 hex digits, with or without 0x. From an environment variable, never from a command line, which all users of a machine can read.</summary>
    public string? Key { get; init; }

    /// <summary>A file that holds the key as hex; on Unix readable by its owner alone (mode 0600).</summary>
    public string? KeyFile { get; init; }

    /// <summary>An encrypted Web3 Secret Storage file, version 3.</summary>
    public string? Keystore { get; init; }

    /// <summary>The keystore's password.</summary>
    public string? Password { get; init; }

    /// <summary>A file that holds the keystore's password; on Unix readable by its owner alone. One line end at its end is not part of it.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>A program that signs, without arguments: a remote signer. Read by <see cref="SignerLoader"/> alone.</summary>
    public string? SignerCommand { get; init; }

    /// <summary>The path of a Unix domain socket at which a remote signer listens. Read by <see cref="SignerLoader"/> alone.</summary>
    public string? SignerSocket { get; init; }

    /// <summary>The account that the remote signer signs for: 0x and 40 hex digits.</summary>
    public string? SignerAccount { get; init; }

    /// <summary>Whose key it is, for messages, e.g. "the pool swarmpool.eth".</summary>
    public required string What { get; init; }
}
