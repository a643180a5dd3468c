using System.Security.Cryptography;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Runtime.Keys;

/// <summary>Makes private keys.</summary>
/// <remarks>Thread-safe.</remarks>
public static class PrivateKeys
{
    /// <summary>A new secp256k1 private key from the system's random number generator: 32 bytes, big-endian. The caller wipes it.</summary>
    public static byte[] Generate()
    {
        var key = GC.AllocateArray<byte>(Secp256k1Form.KeyBytes, pinned: true);
        do
        {
            RandomNumberGenerator.Fill(key);
        }
        while (!Secp256k1Form.IsKey(key));
        return key;
    }
}
