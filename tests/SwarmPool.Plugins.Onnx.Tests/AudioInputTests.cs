using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace SwarmPool.Plugins.Onnx.Tests;

/// <summary>"audio": recordings as recorders and ffmpeg write them, at the model's rate, as samples or as features.</summary>
public sealed class AudioInputTests
{
    public static TheoryData<string> Forms => ["pcm8", "pcm16", "pcm24", "pcm32", "float32", "float64", "ext-pcm16", "ext-float32", "stereo", "pipe", "pipe-zero", "list-first"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task EveryFormHoldsTheSameSound(string form)
    {
        float[] sound = [0, 0.5f, -0.5f, 0.25f, -1];
        await using var made = Samples(8000);
        var heard = await NumbersAsync(made, Wav(form, 8000, sound));
        Assert.Equal(sound.Length, heard.Count);
        Assert.All(sound.Zip(heard), pair => Assert.Equal(pair.First, pair.Second, form == "pcm8" ? 1 / 128.0 : 1e-4));
    }

    [Fact]
    public async Task ATonesRateIsChangedAndNothingElse()
    {
        foreach (var (from, to) in ((int, int)[])[(44_100, 16_000), (8_000, 16_000), (48_000, 16_000), (16_001, 16_000)])
        {
            await using var made = Samples(to);
            var heard = await NumbersAsync(made, Wav("float32", from, Tone(from, 1000, 0.5)));
            Assert.InRange(heard.Count, (to / 2) - 1, (to / 2) + 1);

            // The ends, where the filter reaches over them, are left out.
            for (var i = 400; i < heard.Count - 400; i++)
            {
                Assert.Equal(0.5 * Math.Sin(2 * Math.PI * 1000 * i / to), heard[i], 2e-4);
            }
        }
    }

    /// <summary>A tone that 16,000 samples a second can't hold would come back as one of 4 kHz.</summary>
    [Fact]
    public async Task WhatTheNewRateCannotHoldIsFilteredOut()
    {
        await using var made = Samples(16_000);
        var heard = await NumbersAsync(made, Wav("float32", 48_000, Tone(48_000, 12_000, 0.5)));
        Assert.InRange(heard.Skip(400).SkipLast(400).Max(Math.Abs), 0, 5e-5); // 80 dB down.
    }

    [Fact]
    public async Task WhatIsNoRecordingIsRefused()
    {
        await using var made = Samples(8000, """, "max_seconds":1 """);
        Assert.Contains("not a WAV file", await made.RefusalAsync("OggS"), StringComparison.Ordinal);
        Assert.Contains("cut off", await made.RefusalAsync(Wav("pcm16", 8000, new float[100])[..^1]), StringComparison.Ordinal);
        Assert.Contains("no samples", await made.RefusalAsync(Wav("pcm16", 8000, [])), StringComparison.Ordinal);
        Assert.Contains("lasts 2 s; at most 1 s are taken", await made.RefusalAsync(Wav("pcm8", 8000, new float[16_001])), StringComparison.Ordinal);
        Assert.Contains("no sound", await made.RefusalAsync(Wav("float32", 8000, [float.NaN])), StringComparison.Ordinal);
        Assert.Contains("no sound", await made.RefusalAsync(Wav("float32", 8000, [1e30f])), StringComparison.Ordinal);
        var adpcm = Wav("pcm16", 8000, new float[4]);
        adpcm[20] = 2;
        Assert.Contains("encoding 2", await made.RefusalAsync(adpcm), StringComparison.Ordinal);
        var fast = Wav("pcm16", 8000, new float[4]);
        BinaryPrimitives.WriteUInt32LittleEndian(fast.AsSpan(24), uint.MaxValue);
        Assert.Contains("4294967295 samples a second", await made.RefusalAsync(fast), StringComparison.Ordinal);
    }

    /// <summary>Against the definition: a frame's Fourier transform by complex numbers, triangles on the mel scale, and Whisper's way with logarithms.</summary>
    [Fact]
    public async Task FeaturesAreWhatWhisperTakes()
    {
        const int Rate = 16_000;
        const int Frames = 20;
        var model = new OnnxGraph().Input("x", "float32", 1, 80, Frames).Output("y", "float32", 1, 80, Frames).Node("Identity", ["x"], ["y"]);
        await using var made = new MadeModel(model.ToArray(), """
            {"inputs":[{"name":"x","type":"float32","shape":[1,80,20]}],"outputs":[{"name":"y","type":"float32","shape":[1,80,20]}],
             "preprocess":{"kind":"audio","input":"x","sample_rate":16000,"features":{"kind":"log-mel","frames":20}}}
            """);
        var sound = Tone(Rate, 440, 0.15);
        var heard = await NumbersAsync(made, Wav("float32", Rate, sound));
        var expected = ByDefinition(sound, Rate, Frames);
        Assert.All(expected.Zip(heard), pair => Assert.Equal(pair.First, pair.Second, 1e-3));

        // 440 Hz is the 12th band's, whose middle lies there, in each frame with sound.
        Assert.All(Enumerable.Range(1, 10), frame => Assert.InRange(Enumerable.Range(0, 80).MaxBy(mel => heard[(mel * Frames) + frame]), 10, 12));
        Assert.Contains("the model takes at most 0.20 s", await made.RefusalAsync(Wav("pcm16", Rate, new float[(Frames * 160) + 1])), StringComparison.Ordinal);
    }

    private static List<double> ByDefinition(float[] sound, int rate, int frames)
    {
        static double Hertz(double mel) => mel < 15 ? mel * 200 / 3 : 1000 * Math.Pow(6.4, (mel - 15) / 27);
        var top = 15 + (27 * Math.Log(rate / 2.0 / 1000) / Math.Log(6.4));
        var edges = Enumerable.Range(0, 82).Select(i => Hertz(top * i / 81)).ToArray();
        var padded = new double[frames * 160];
        sound.Select(static value => (double)value).ToArray().CopyTo(padded, 0);
        var levels = new double[80 * frames];
        for (var t = 0; t < frames; t++)
        {
            var power = Enumerable.Range(0, 201).Select(k =>
            {
                var sum = System.Numerics.Complex.Zero;
                for (var i = 0; i < 400; i++)
                {
                    var at = (t * 160) + i - 200;
                    at = at < 0 ? -at : at >= padded.Length ? (2 * padded.Length) - 2 - at : at;
                    sum += padded[at] * Math.Pow(Math.Sin(Math.PI * i / 400), 2) * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * k * i / 400);
                }

                return (sum.Magnitude * sum.Magnitude, Hertz: (double)k * rate / 400);
            }).ToList();
            for (var mel = 0; mel < 80; mel++)
            {
                var (left, middle, right) = (edges[mel], edges[mel + 1], edges[mel + 2]);
                var sum = power.Sum(one => one.Item1 * Math.Max(0, Math.Min((one.Hertz - left) / (middle - left), (right - one.Hertz) / (right - middle))) * 2 / (right - left));
                levels[(mel * frames) + t] = Math.Log10(Math.Max(sum, 1e-10));
            }
        }

        var loudest = levels.Max();
        return [.. levels.Select(level => (Math.Max(level, loudest - 8) + 4) / 4)];
    }

    private static float[] Tone(int rate, double hertz, double seconds) =>
        [.. Enumerable.Range(0, (int)(rate * seconds)).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * hertz * i / rate)))];

    private static MadeModel Samples(int rate, string more = "")
    {
        var model = new OnnxGraph().Input("x", "float32", 1, "n").Output("y", "float32", 1, "n").Node("Identity", ["x"], ["y"]);
        return new MadeModel(model.ToArray(), """
            {"inputs":[{"name":"x","type":"float32","shape":[1,"n"]}],"outputs":[{"name":"y","type":"float32","shape":[1,"n"]}],
             "preprocess":{"kind":"audio","input":"x","sample_rate":RATE}}
            """.Replace("RATE", FormattableString.Invariant($"{rate}") + more, StringComparison.Ordinal));
    }

    private static async Task<List<double>> NumbersAsync(MadeModel made, byte[] file)
    {
        using var answer = JsonDocument.Parse((await made.RunAsync(file)).Output);
        return [.. answer.RootElement.GetProperty("outputs").GetProperty("y").GetProperty("data").EnumerateArray().Select(static value => double.Parse(value.GetString()!, CultureInfo.InvariantCulture))];
    }

    private static byte[] Wav(string form, int rate, float[] sound)
    {
        var (encoding, bytes) = form switch
        {
            "pcm8" => (1, 1),
            "pcm24" => (1, 3),
            "pcm32" => (1, 4),
            "float32" or "ext-float32" => (3, 4),
            "float64" => (3, 8),
            _ => (1, 2),
        };
        var channels = form == "stereo" ? 2 : 1;
        var data = sound.SelectMany(sample => Enumerable.Range(0, channels).SelectMany(channel => Sample(encoding, bytes, sample + (channels == 1 || Math.Abs(sample) > 0.7 ? 0 : channel == 0 ? 0.25f : -0.25f)))).ToArray();
        var isExtensible = form.StartsWith("ext", StringComparison.Ordinal);
        var format = new byte[isExtensible ? 40 : 16];
        BinaryPrimitives.WriteUInt16LittleEndian(format, isExtensible ? (ushort)0xFFFE : (ushort)encoding);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(2), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(4), rate);
        BinaryPrimitives.WriteInt32LittleEndian(format.AsSpan(8), rate * channels * bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(12), (ushort)(channels * bytes));
        BinaryPrimitives.WriteUInt16LittleEndian(format.AsSpan(14), (ushort)(bytes * 8));
        if (isExtensible)
        {
            (format[16], format[18]) = (22, (byte)(bytes * 8));
            byte[] guid = [(byte)encoding, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
            guid.CopyTo(format, 24);
        }

        byte[] list = form == "list-first" ? [.. "LIST"u8, 5, 0, 0, 0, 1, 2, 3, 4, 5, 0] : [];
        byte[] unknown = form switch { "pipe" => [0xFF, 0xFF, 0xFF, 0xFF], "pipe-zero" => [0, 0, 0, 0], _ => BitConverter.GetBytes(data.Length) };
        return [.. "RIFF"u8, .. unknown, .. "WAVE"u8, .. "fmt "u8, .. BitConverter.GetBytes(format.Length), .. format, .. list, .. "data"u8, .. unknown, .. data];
    }

    private static byte[] Sample(int encoding, int bytes, float sample)
    {
        if (encoding == 3)
        {
            return bytes == 4 ? BitConverter.GetBytes(sample) : BitConverter.GetBytes((double)sample);
        }

        return bytes == 1
            ? [(byte)Math.Clamp(128 + (sample * 128), 0, 255)]
            : BitConverter.GetBytes((long)Math.Clamp(sample * Math.Pow(2, (bytes * 8) - 1), -Math.Pow(2, (bytes * 8) - 1), Math.Pow(2, (bytes * 8) - 1) - 1))[..bytes];
    }
}
