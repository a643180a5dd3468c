using System.Buffers;
using System.Security.Cryptography;

namespace SwarmPool.Core.Pool;

/// <summary>SHA-256 of the encoded state, lower-case hex. Two states are equal when this is.</summary>
internal static class StateHash
{
    public static string Of(PoolState state)
    {
        using var hash = new HashingWriter();
        StateCodec.EncodeTo(hash, state);
        return hash.Finish();
    }

    /// <summary>Hashes what is written and keeps none of it.</summary>
    private sealed class HashingWriter : IBufferWriter<byte>, IDisposable
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private byte[] buffer = new byte[64 * 1024];

        public string Finish() => Convert.ToHexStringLower(hash.GetHashAndReset());

        public void Advance(int count) => hash.AppendData(buffer, 0, count);

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (sizeHint > buffer.Length)
            {
                buffer = new byte[sizeHint]; // One text may be longer than the buffer.
            }

            return buffer;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public void Dispose() => hash.Dispose();
    }
}
