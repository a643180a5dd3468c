using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Keys;

namespace SwarmPool.Programs.Daemon.Setup;

/// <summary>
/// The keys of a first pool: a file each that only its owner may read, or keystores under one password. A key that is there
/// is kept in the form that it has: another key would be another account, and a pool's journal belongs to one.
/// </summary>
internal sealed class KeyFolder(string folder, bool encrypted)
{
    private const string PasswordFile = "keys/password";
    private const string KeystoreSuffix = ".keystore.json";

    private readonly List<string> files = [];

    /// <summary>The files that were made or found, relative to the folder.</summary>
    public IReadOnlyList<string> Files => files.Exists(file => file.EndsWith(KeystoreSuffix, StringComparison.Ordinal)) ? [.. files, PasswordFile] : files;

    /// <summary>Where a name's key is, relative to the folder.</summary>
    public KeyPlace Of(EnsName name)
    {
        var plain = new KeyPlace($"keys/{name}.key", null, null);
        var keystore = new KeyPlace(null, $"keys/{name}{KeystoreSuffix}", PasswordFile);
        return (Has(plain), Has(keystore)) switch
        {
            (true, false) => plain,
            (false, true) => keystore,
            _ => encrypted ? keystore : plain,
        };
    }

    /// <summary>The account of a name's key, which is made when there is none.</summary>
    /// <exception cref="SwarmPoolException">A key that is there can't be read.</exception>
    public EthAddress AccountOf(EnsName name)
    {
        OwnFile.CreateFolder(Path.Combine(folder, "keys"));
        var place = Of(name);
        files.Add(place.File);
        if (!Has(place))
        {
            return Make(place);
        }

        using var signer = KeyLoader.Load(new SignerOptions { KeyFile = Full(place.KeyFile), Keystore = Full(place.Keystore), PasswordFile = Full(place.PasswordFile) }, name.Text);
        return signer.Address;
    }

    private bool Has(KeyPlace place) => File.Exists(Full(place.File));

    [return: NotNullIfNotNull(nameof(file))]
    private string? Full(string? file) => file is null ? null : Path.Combine(folder, file);

    private EthAddress Make(KeyPlace place)
    {
        var key = PrivateKeys.Generate();
        try
        {
            using var signer = new PrivateKeySigner(key, SignatureEngines.Best);
            if (place.Keystore is not null)
            {
                Keystore.Write(Full(place.Keystore), key, Password());
            }
            else
            {
                OwnFile.Create(Full(place.File), Convert.ToHexStringLower(key) + "\n");
            }

            return signer.Address;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private string Password()
    {
        var file = Path.Combine(folder, PasswordFile);
        if (!File.Exists(file))
        {
            OwnFile.Create(file, RandomNumberGenerator.GetHexString(32, lowercase: true) + "\n");
        }

        return KeyLoader.Password(file, "the pool's keystores");
    }
}

/// <summary>Where a key is: a key file, or a keystore and its password's file.</summary>
internal sealed record KeyPlace(string? KeyFile, string? Keystore, string? PasswordFile)
{
    /// <summary>The file that holds the key.</summary>
    public string File => KeyFile ?? Keystore!;

    /// <summary>The options that name it on a command line.</summary>
    public string Arguments => KeyFile is not null ? $"--key-file {KeyFile}" : $"--keystore {Keystore} --password-file {PasswordFile}";
}
