using System.Buffers.Binary;
using System.Security.Cryptography;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Sampling;

/// <summary>
/// The chance in a choice of tokens, rule <c>SPS1</c>: a number for each job, position and token that everybody can compute, and
/// that nobody can choose, since the job is signed before anybody knows it.
/// </summary>
/// <remarks>Pure; thread-safe; allocates nothing.</remarks>
public static class SamplingNoise
{
    private const int CidBytes = 36;

    /// <summary>
    /// The uniform number of a token at a position: (n + ½)/2^52, exactly, with n the first 52 bits of the SHA-256 of "SPS1", the
    /// job's binary CID (36 bytes), the position and the token (four bytes each, the most significant first). Neither 0 nor 1.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="position">The position in the answer, from 0.</param>
    /// <param name="token">The token; 0 or more.</param>
    /// <exception cref="ArgumentException">The job is <c>default</c>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Position or token is negative.</exception>
    public static double Uniform(Cid job, int position, int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        Span<byte> text = stackalloc byte[4 + CidBytes + 8];
        Begin(text, job);
        return Uniform(text, position, token);
    }

    /// <summary>The Gumbel noise of a token at a position, -ln(-ln u) of its <see cref="Uniform(Cid, int, int)"/> number; ln is fdlibm's.</summary>
    /// <inheritdoc cref="Uniform(Cid, int, int)"/>
    public static double Gumbel(Cid job, int position, int token) => Gumbel(Uniform(job, position, token));

    /// <summary>Writes what is the same for all tokens of a job, for <see cref="Gumbel(Span{byte}, int, int)"/>.</summary>
    internal static byte[] BeginOf(Cid job)
    {
        var text = new byte[4 + CidBytes + 8];
        Begin(text, job);
        return text;
    }

    /// <summary>As <see cref="Gumbel(Cid, int, int)"/>.</summary>
    /// <param name="text">What <see cref="BeginOf"/> made; its end is written over.</param>
    internal static double Gumbel(Span<byte> text, int position, int token) => Gumbel(Uniform(text, position, token));

    private static void Begin(Span<byte> text, Cid job)
    {
        if (job.IsEmpty)
        {
            throw new ArgumentException("There is no noise without a job.", nameof(job));
        }

        "SPS1"u8.CopyTo(text);
        ReadOnlySpan<byte> head = [0x01, job.Codec, 0x12, 0x20];
        head.CopyTo(text[4..]);
        job.CopyDigestTo(text[8..]);
    }

    private static double Uniform(Span<byte> text, int position, int token)
    {
        BinaryPrimitives.WriteUInt32BigEndian(text[(4 + CidBytes)..], (uint)position);
        BinaryPrimitives.WriteUInt32BigEndian(text[(8 + CidBytes)..], (uint)token);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, digest);
        var top = BinaryPrimitives.ReadUInt64BigEndian(digest) >> 12;
        return ((2 * top) + 1) / 9007199254740992.0;
    }

    private static double Gumbel(double uniform) => -PortableMath.Log(-PortableMath.Log(uniform));
}
