namespace SwarmPool.Runtime.Keys.Remote;

/// <summary>Where a remote signer is reached.</summary>
internal interface ISignerChannel
{
    /// <summary>Which signer it is, for messages.</summary>
    string Place { get; }

    /// <summary>Starts or reaches the signer.</summary>
    /// <exception cref="IOException">It can't be.</exception>
    ValueTask<SignerLine> OpenAsync(CancellationToken cancellationToken);
}
