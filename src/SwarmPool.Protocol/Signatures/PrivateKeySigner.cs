using System.Security.Cryptography;
using SwarmPool.Identity;

namespace SwarmPool.Protocol.Signatures;

/// <summary>Signs with a private key that is in this process's memory.</summary>
/// <remarks>
/// Thread-safe; deterministic (RFC 6979). The key is kept in memory that the collector doesn't move, and wiped on disposal.
/// The managed engine makes copies of it that it can't wipe; the native one doesn't.
/// </remarks>
public sealed class PrivateKeySigner : ISigner, IDisposable
{
    private readonly ISignatureEngine engine;
    private readonly Lock gate = new();
    private readonly byte[] key = GC.AllocateArray<byte>(Secp256k1Form.KeyBytes, pinned: true);
    private bool disposed;

    /// <summary>Takes a copy of the key; wiping the original is the caller's.</summary>
    /// <param name="key32">The private key, big-endian.</param>
    /// <param name="engine">Does the arithmetic; <see cref="SignatureEngines.Best"/> where nothing else is wanted.</param>
    /// <exception cref="ArgumentException">It is no secp256k1 private key.</exception>
    public PrivateKeySigner(ReadOnlySpan<byte> key32, ISignatureEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        this.engine = engine;
        Address = engine.AddressOf(key32);
        key32.CopyTo(key);
    }

    /// <inheritdoc/>
    public EthAddress Address { get; }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The key is wiped.</exception>
    public ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Span<byte> hash = stackalloc byte[Secp256k1Form.HashBytes];
        Eip191.Hash(text.Span, hash);
        Span<byte> own = stackalloc byte[Secp256k1Form.KeyBytes];
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            key.CopyTo(own);
        }

        var signature = new byte[Secp256k1Form.SignatureBytes];
        try
        {
            engine.Sign(own, hash, signature);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(own);
        }

        return new(signature);
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The account; never the key.</summary>
    public override string ToString() => $"signer of {Address}";
}
