using System.Buffers.Binary;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>"wav-mono16": a 16-bit PCM WAV recording, mono or stereo (mixed down), as samples from -1 to 1.</summary>
/// <remarks>Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0" (RIFF WAVE).</remarks>
internal sealed class WavMono16(string input, int sampleRate) : IPreprocessor
{
    public IReadOnlyList<string> Feeds { get; } = [input];

    public PreparedInput Read(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var samples = Samples(bytes.Span);
        return new PreparedInput(new Dictionary<string, ModelTensor>(StringComparer.Ordinal) { [input] = new([1, samples.Length], samples) });
    }

    private float[] Samples(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
        {
            throw Refuse("it is not a WAV file");
        }

        var channels = 0;
        for (var rest = file[12..]; rest.Length >= 8;)
        {
            var type = rest[..4];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (size > rest.Length - 8)
            {
                throw Refuse("it is cut off");
            }

            var data = rest.Slice(8, (int)size);
            if (type.SequenceEqual("fmt "u8))
            {
                channels = Channels(data);
            }
            else if (type.SequenceEqual("data"u8))
            {
                return channels != 0 ? Mix(data, channels) : throw Refuse("its samples come before their format");
            }

            // Chunks begin at even places.
            rest = rest[Math.Min(rest.Length, 8 + (int)size + ((int)size & 1))..];
        }

        throw Refuse("it holds no samples");
    }

    private int Channels(ReadOnlySpan<byte> format)
    {
        if (format.Length < 16)
        {
            throw Refuse("its format is cut off");
        }

        var encoding = BinaryPrimitives.ReadUInt16LittleEndian(format);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(format[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        return encoding == 1 && channels is 1 or 2 && bits == 16 && rate == sampleRate
            ? channels
            : throw Refuse($"it has encoding {encoding}, {channels} channels, {bits} bits and {rate} samples a second");
    }

    private float[] Mix(ReadOnlySpan<byte> data, int channels)
    {
        var samples = new float[data.Length / (2 * channels)];
        if (samples.Length == 0)
        {
            throw Refuse("it holds no samples");
        }

        for (var i = 0; i < samples.Length; i++)
        {
            var at = data[(i * 2 * channels)..];
            var sum = (int)BinaryPrimitives.ReadInt16LittleEndian(at);
            if (channels == 2)
            {
                sum += BinaryPrimitives.ReadInt16LittleEndian(at[2..]);
            }

            samples[i] = sum / (32768f * channels);
        }

        return samples;
    }

    private InferenceException Refuse(string why) =>
        new($"The input can't be used: {why}. Send a WAV file of 16-bit PCM, mono or stereo, {sampleRate} samples a second.");
}
