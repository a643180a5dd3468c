using System.Security.Cryptography;
using SwarmPool.Identity;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Signatures;

namespace SwarmPool.Programs.Daemon.Setup;

/// <summary>The keys of a first pool: a file each that only its owner may read, or keystores under one password. A key that is there is kept.</summary>
internal sealed class KeyFolder(string folder, bool encrypted)
{
    private const string PasswordFile = "keys/password";

    private readonly List<string> files = [];

    /// <summary>The files that were made or found, relative to the folder.</summary>
    public IReadOnlyList<string> Files => encrypted ? [.. files, PasswordFile] : files;

    /// <summary>Where a name's key is, relative to the folder.</summary>
    public KeyPlace Of(EnsName name) => encrypted
        ? new KeyPlace(null, $"keys/{name}.keystore.json", PasswordFile)
        : new KeyPlace($"keys/{name}.key", null, null);

    /// <summary>The account of a name's key, which is made when there is none.</summary>
    public EthAddress AccountOf(EnsName name)
    {
        Directory.CreateDirectory(Path.Combine(folder, "keys"));
        var place = Of(name);
        var file = Path.Combine(folder, place.File);
        files.Add(place.File);
        if (!File.Exists(file))
        {
            return Make(file);
        }

        using var signer = KeyLoader.Load(new KeyOptions
        {
            What = name.Text,
            KeyFile = encrypted ? null : file,
            Keystore = encrypted ? file : null,
            PasswordFile = encrypted ? Path.Combine(folder, PasswordFile) : null,
        });
        return signer.Address;
    }

    private EthAddress Make(string file)
    {
        var key = PrivateKeys.Generate();
        try
        {
            using var signer = new PrivateKeySigner(key, SignatureEngines.Best);
            if (encrypted)
            {
                Keystore.Write(file, key, Password());
            }
            else
            {
                OwnerFile.Create(file, Convert.ToHexStringLower(key) + "\n");
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
            OwnerFile.Create(file, RandomNumberGenerator.GetHexString(32, lowercase: true) + "\n");
        }

        return File.ReadAllText(file).TrimEnd('\n');
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
