using System.Buffers.Binary;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Audio;

/// <summary>Reads WAV files as recorders and ffmpeg write them: whole numbers of 8 to 32 bits, floats, several channels (mixed down), any rate, also of unknown length.</summary>
/// <remarks>
/// Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0" and WAVEFORMATEXTENSIBLE (mmreg.h). What is written into a pipe
/// has 0xFFFFFFFF (ffmpeg) or 0 (others) for lengths that were not known: such data goes on to the end of the file.
/// </remarks>
internal static class WavFile
{
    public const int MostChannels = 32;
    public const int MostRate = 768_000;

    private static ReadOnlySpan<byte> SubformatEnd => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <exception cref="InferenceException">It is no such file, damaged, or longer than is taken.</exception>
    public static (float[] Samples, int Rate) Read(ReadOnlySpan<byte> file, int maxSeconds)
    {
        if (file.Length < 12 || !(file.StartsWith("RIFF"u8) || file.StartsWith("RF64"u8)) || !file[8..].StartsWith("WAVE"u8))
        {
            throw Refuse("it is not a WAV file");
        }

        WavFormat? format = null;
        for (var rest = file[12..]; rest.Length >= 8;)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (rest.StartsWith("data"u8))
            {
                var isUnknown = size is uint.MaxValue or 0;
                if (!isUnknown && size > rest.Length - 8)
                {
                    throw Refuse("it is cut off");
                }

                var data = isUnknown ? rest[8..] : rest.Slice(8, (int)size);
                return format is null ? throw Refuse("its samples come before their format") : (Mix(data, format, maxSeconds), format.Rate);
            }

            if (size > rest.Length - 8)
            {
                throw Refuse("it is cut off");
            }

            if (rest.StartsWith("fmt "u8))
            {
                format = Format(rest.Slice(8, (int)size));
            }

            // Chunks begin at even places.
            rest = rest[(int)Math.Min(rest.Length, 8L + size + (size & 1))..];
        }

        throw Refuse("it holds no samples");
    }

    private static WavFormat Format(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < 16)
        {
            throw Refuse("its format is cut off");
        }

        var encoding = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        var block = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        if (encoding == 0xFFFE && chunk.Length >= 40 && chunk[26..40].SequenceEqual(SubformatEnd))
        {
            encoding = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        }

        var isForm = (encoding, bits) is (1, 8 or 16 or 24 or 32) or (3, 32 or 64);
        return isForm && channels is >= 1 and <= MostChannels && rate is >= 1000 and <= MostRate && block == channels * bits / 8
            ? new WavFormat(encoding == 3, bits / 8, channels, (int)rate)
            : throw Refuse($"it has encoding {encoding}, {channels} channels, {bits} bits and {rate} samples a second");
    }

    private static float[] Mix(ReadOnlySpan<byte> data, WavFormat format, int maxSeconds)
    {
        var block = format.Bytes * format.Channels;
        var count = data.Length / block;
        if (count == 0)
        {
            throw Refuse("it holds no samples");
        }

        if (count > (long)maxSeconds * format.Rate)
        {
            throw new InferenceException($"The recording lasts {count / format.Rate} s; at most {maxSeconds} s are taken. Send a part of it.");
        }

        var samples = new float[count];
        for (var i = 0; i < count; i++)
        {
            var sum = 0.0;
            for (var channel = 0; channel < format.Channels; channel++)
            {
                sum += Sample(data[((i * block) + (channel * format.Bytes))..], format);
            }

            samples[i] = (float)(sum / format.Channels);
        }

        return samples;
    }

    private static double Sample(ReadOnlySpan<byte> at, WavFormat format) => (format.IsFloat, format.Bytes) switch
    {
        (false, 1) => (at[0] - 128) / 128.0,
        (false, 2) => BinaryPrimitives.ReadInt16LittleEndian(at) / 32768.0,
        (false, 3) => ((at[0] << 8) | (at[1] << 16) | (at[2] << 24)) / 2147483648.0,
        (false, _) => BinaryPrimitives.ReadInt32LittleEndian(at) / 2147483648.0,
        (true, 4) => Sound(BinaryPrimitives.ReadSingleLittleEndian(at)),
        _ => Sound(BinaryPrimitives.ReadDoubleLittleEndian(at)),
    };

    // Floats may go beyond 1, when somebody was loud; a recording of NaN or 10^30 is none.
    private static double Sound(double sample) => Math.Abs(sample) <= 1024 ? sample : throw Refuse("it has samples that are no sound");

    private static InferenceException Refuse(string why) =>
        new($"The input can't be used: {why}. Send a WAV file: PCM of 8, 16, 24 or 32 bits, or floats, of up to {MostChannels} channels and {MostRate} samples a second.");

    private sealed record WavFormat(bool IsFloat, int Bytes, int Channels, int Rate);
}
