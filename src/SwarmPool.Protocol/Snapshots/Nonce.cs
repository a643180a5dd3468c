using System.Security.Cryptography;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>Nonces: 16 bytes as 32 lower-case hex digits. They make two otherwise equal snapshots different; nobody remembers them.</summary>
/// <remarks>Thread-safe.</remarks>
public static class Nonce
{
    private const int Bytes = 16;

    /// <summary>A nonce from the system's random number generator: for what a client or miner says.</summary>
    public static string FromRandom()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>The first 16 bytes of the seed's SHA-256: for announcements, which the same records must give again byte for byte.</summary>
    /// <param name="seed">What the announcement is derived from, of any length.</param>
    public static string FromHash(ReadOnlySpan<byte> seed)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(seed, digest);
        return Convert.ToHexStringLower(digest[..Bytes]);
    }
}

/// <summary>Where a role gets the nonces of what it signs: the system's random numbers, unless a service of this type says otherwise.</summary>
/// <remarks>Thread-safe. Nothing else in a role is random, so a run whose nonces, clock and scheduler are given can be repeated.</remarks>
internal interface INonceSource
{
    /// <summary>16 bytes in hex that no other snapshot of this signer has.</summary>
    string Next();
}

/// <summary>Nonces of the system's random number generator.</summary>
internal sealed class RandomNonces : INonceSource
{
    public static RandomNonces Shared { get; } = new();

    public string Next() => Nonce.FromRandom();
}
