using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Keys;

namespace SwarmPool.Programs.Delegating;

/// <summary>The session key's file, which only its owner may read.</summary>
internal static class SessionKeyFile
{
    /// <summary>The account of the key in the file, which is made when there is none.</summary>
    /// <exception cref="SwarmPoolException">What is there is no key, or others can read it.</exception>
    public static EthAddress AccountOf(string path)
    {
        if (!File.Exists(path))
        {
            var key = PrivateKeys.Generate();
            OwnFile.Create(path, Convert.ToHexStringLower(key) + "\n");
            CryptographicOperations.ZeroMemory(key);
        }

        using var signer = KeyLoader.Load(new SignerOptions { KeyFile = path }, "the session");
        return signer.Address;
    }
}
