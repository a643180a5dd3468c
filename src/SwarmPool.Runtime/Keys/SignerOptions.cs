using Microsoft.Extensions.Configuration;

namespace SwarmPool.Runtime.Keys;

/// <summary>
/// Where a role's signatures come from: exactly one of <see cref="Key"/>, <see cref="KeyFile"/>, <see cref="Keystore"/>, <see cref="SignerCommand"/>
/// and <see cref="SignerSocket"/>. In configuration each key stands behind the role's prefix: <c>operator_</c>, <c>miner_</c> or <c>client_</c>,
/// as in <c>miner_key_file</c>.
/// </summary>
/// <remarks>A class and no record, so that no ToString shows a key. Empty texts count as absent.</remarks>
public sealed class SignerOptions
{
    /// <summary>The key itself: 64 hex digits, with or without 0x. From an environment variable, never from a command line, which all users of a machine can read.</summary>
    [ConfigurationKeyName("private_key")]
    public string? Key { get; set; }

    /// <summary>A file that holds the key as hex; on Unix readable by its owner alone (mode 0600).</summary>
    [ConfigurationKeyName("key_file")]
    public string? KeyFile { get; set; }

    /// <summary>An encrypted Web3 Secret Storage file, version 3.</summary>
    [ConfigurationKeyName("keystore")]
    public string? Keystore { get; set; }

    /// <summary>The keystore's password.</summary>
    [ConfigurationKeyName("password")]
    public string? Password { get; set; }

    /// <summary>A file that holds the keystore's password; on Unix readable by its owner alone. One line end at its end is not part of it.</summary>
    [ConfigurationKeyName("password_file")]
    public string? PasswordFile { get; set; }

    /// <summary>
    /// A program that signs, by the protocol of remote signers: started once, and again when it ends; requests on its standard input, answers on
    /// its standard output. A path with a folder in it is relative to the configuration's folder.
    /// </summary>
    [ConfigurationKeyName("signer_command")]
    public string? SignerCommand { get; set; }

    /// <summary>The program's arguments, each as it is. Every user of the machine can read them: no place for a secret. The default is none.</summary>
    [ConfigurationKeyName("signer_arguments")]
    public IList<string> SignerArguments { get; set; } = [];

    /// <summary>The Unix domain socket of a signer that runs already.</summary>
    [ConfigurationKeyName("signer_socket")]
    public string? SignerSocket { get; set; }

    /// <summary>What a configuration says behind a role's prefix.</summary>
    internal static SignerOptions Read(IConfiguration configuration, string prefix)
    {
        var own = configuration.GetChildren()
            .Where(child => child.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .SelectMany(child => child.AsEnumerable())
            .Select(pair => new KeyValuePair<string, string?>(Within(configuration, pair.Key)[prefix.Length..], pair.Value));
        var options = new SignerOptions();
        new ConfigurationBuilder().AddInMemoryCollection(own).Build().Bind(options);
        return options;
    }

    /// <summary>The same with all paths absolute: a bare command is looked for where programs are, everything else is relative to the folder.</summary>
    internal SignerOptions Under(string baseDirectory)
    {
        return new SignerOptions
        {
            Key = Key,
            KeyFile = Full(KeyFile),
            Keystore = Full(Keystore),
            Password = Password,
            PasswordFile = Full(PasswordFile),
            SignerCommand = Path.GetFileName(SignerCommand) == SignerCommand ? SignerCommand : Full(SignerCommand),
            SignerArguments = SignerArguments,
            SignerSocket = Full(SignerSocket),
        };

        string? Full(string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path, baseDirectory);
    }

    // A section's keys come with its own path in front.
    private static string Within(IConfiguration configuration, string key) =>
        configuration is IConfigurationSection section ? key[(section.Path.Length + 1)..] : key;
}
