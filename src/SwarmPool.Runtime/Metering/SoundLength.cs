using System.Buffers.Binary;

namespace SwarmPool.Runtime.Metering;

/// <summary>How long the sound of a WAV file is, by its header and its size: no sample is read.</summary>
/// <remarks>Pure; thread-safe; allocates nothing. Safe on a stranger's bytes: each chunk is passed by once.</remarks>
internal static class SoundLength
{
    private const int Chunk = 8;
    private const int LeastRate = 4_000;
    private const int MostRate = 768_000;
    private const int MostChannels = 64;

    /// <summary>Milliseconds, rounded down; null for what is no RIFF file of PCM or float samples, or says what can't be.</summary>
    /// <remarks>A data chunk that names no length, or more than is there, as recorders and pipes write it, is what is there.</remarks>
    public static long? Of(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
        {
            return null;
        }

        long bytesASecond = 0;
        for (var rest = file[12..]; rest.Length >= Chunk;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var there = Math.Min(length, (long)(rest.Length - Chunk));
            var body = rest.Slice(Chunk, (int)there);
            if (rest.StartsWith("data"u8))
            {
                return bytesASecond > 0 ? there * 1000 / bytesASecond : null;
            }

            if (rest.StartsWith("fmt "u8))
            {
                bytesASecond = BytesASecond(body);
            }

            var next = Chunk + there + (there & 1); // A chunk of odd length is padded.
            rest = next < rest.Length ? rest[(int)next..] : default;
        }

        return null;
    }

    // Integer PCM, float, or EXTENSIBLE, which is one of the two. The header's own bytes a second are not believed.
    private static long BytesASecond(ReadOnlySpan<byte> format)
    {
        if (format.Length < 16 || BinaryPrimitives.ReadUInt16LittleEndian(format) is not (1 or 3 or 0xFFFE))
        {
            return 0;
        }

        var channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        return channels is 0 or > MostChannels || rate is < LeastRate or > MostRate || bits is not (8 or 16 or 24 or 32 or 64)
            ? 0
            : (long)rate * channels * (bits / 8);
    }
}
