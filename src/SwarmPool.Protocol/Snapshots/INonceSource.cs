namespace SwarmPool.Protocol.Snapshots;

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
