using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Load.Measuring;

/// <summary>Counts the signatures that were checked: a message whose signature was checked has been through the intake.</summary>
internal sealed class CountingEngine(ISignatureEngine inner) : ISignatureEngine
{
    private long recovered;

    public string Name => inner.Name;

    public long Recovered => Interlocked.Read(ref recovered);

    public bool TryRecover(ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> sig65, out EthAddress address)
    {
        var valid = inner.TryRecover(hash32, sig65, out address);
        Interlocked.Increment(ref recovered);
        return valid;
    }

    public void Sign(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> hash32, Span<byte> sig65) => inner.Sign(key32, hash32, sig65);

    public EthAddress AddressOf(ReadOnlySpan<byte> key32) => inner.AddressOf(key32);
}
