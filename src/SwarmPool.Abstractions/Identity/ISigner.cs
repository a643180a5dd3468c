namespace SwarmPool.Identity;

/// <summary>Signs snapshots for one account. The key itself stays inside.</summary>
/// <remarks>Thread-safe. Deterministic (RFC 6979): the same text gives the same signature.</remarks>
public interface ISigner
{
    /// <summary>The account that signs.</summary>
    EthAddress Address { get; }

    /// <summary>
    /// Signs a text by EIP-191 <c>personal_sign</c>: 65 bytes r‖s‖v, v 27 or 28, s in the lower half of the order (EIP-2).
    /// </summary>
    /// <param name="text">The signing text, UTF-8, without the EIP-191 prefix.</param>
    /// <param name="cancellationToken">Cancels a remote signer; a local one answers at once.</param>
    ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken);
}
