using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Audio;

/// <summary>
/// "log-mel": how loud each band of frequencies is in each frame, as ears hear it. With the defaults it is what Whisper's models take.
/// Thread-safe.
/// </summary>
internal sealed class LogMel
{
    private readonly int size;
    private readonly int hop;
    private readonly int frames;
    private readonly string log;
    private readonly bool isTimeFirst;
    private readonly MelBands bands;
    private readonly float[] window;
    private readonly float[] cosines;
    private readonly float[] sines;

    private LogMel(int rate, int size, int hop, int mels, int frames, double lowest, double highest, bool isHtk, bool isNormed, string log, bool isTimeFirst)
    {
        (this.size, this.hop, this.frames, this.log, this.isTimeFirst) = (size, hop, frames, log, isTimeFirst);
        bands = new MelBands(rate, size, mels, lowest, highest, isHtk, isNormed);
        window = [.. Enumerable.Range(0, size).Select(i => (float)(0.5 - (0.5 * Math.Cos(2 * Math.PI * i / size))))];
        cosines = [.. Enumerable.Range(0, size).Select(i => (float)Math.Cos(2 * Math.PI * i / size))];
        sines = [.. Enumerable.Range(0, size).Select(i => (float)Math.Sin(2 * Math.PI * i / size))];
    }

    public int Mels => bands.Count;

    public int Frames => frames;

    public bool IsTimeFirst => isTimeFirst;

    public static LogMel Read(IStepParameters reader, int rate)
    {
        _ = reader.Choice("kind", null, "log-mel");
        return new LogMel(
            rate,
            reader.Integer("fft", 16, 4096, otherwise: 400),
            reader.Integer("hop", 1, 4096, otherwise: 160),
            reader.Integer("mels", 1, 512, otherwise: 80),
            reader.Integer("frames", 0, 1 << 20, otherwise: 0),
            reader.Number("lowest_hz", 0, rate / 2.0, otherwise: 0),
            reader.Number("highest_hz", 1, rate / 2.0, otherwise: rate / 2.0),
            reader.Choice("scale", "slaney", "slaney", "htk") == "htk",
            reader.Choice("norm", "slaney", "slaney", "none") == "slaney",
            reader.Choice("log", "whisper", "whisper", "log10", "ln"),
            reader.Choice("layout", "mel-time", "mel-time", "time-mel") == "time-mel");
    }

    /// <summary>The most samples that the frames hold; null when there are as many frames as it takes.</summary>
    public long? MostSamples => frames > 0 ? (long)frames * hop : null;

    /// <summary>How many frames so many samples have: their middles lie hop apart, the first at the first sample.</summary>
    public int FramesOf(int samples) => frames > 0 ? frames : Math.Max(1, samples / hop);

    public ModelTensor Of(float[] samples, CancellationToken cancellationToken)
    {
        var count = FramesOf(samples.Length);
        var length = frames > 0 ? frames * hop : samples.Length;
        var levels = new float[count * Mels];
        var (frame, power) = (new float[size], new double[(size / 2) + 1]);
        for (var t = 0; t < count; t++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var i = 0; i < size; i++)
            {
                frame[i] = window[i] * At(samples, ((t * hop) + i) - (size / 2), length);
            }

            Powers(frame, power);
            for (var mel = 0; mel < Mels; mel++)
            {
                var level = Math.Max(bands.Sum(mel, power), 1e-10);
                levels[isTimeFirst ? (t * Mels) + mel : (mel * count) + t] = (float)(log == "ln" ? Math.Log(level) : Math.Log10(level));
            }
        }

        if (log == "whisper")
        {
            var loudest = levels.Max();
            foreach (ref var level in levels.AsSpan())
            {
                level = (Math.Max(level, loudest - 8) + 4) / 4;
            }
        }

        return new ModelTensor(isTimeFirst ? [1, count, Mels] : [1, Mels, count], levels);
    }

    // Beyond the ends it is mirrored; a recording shorter than all frames goes on in silence.
    private static float At(float[] samples, int index, int length)
    {
        if (index < 0)
        {
            index = -index;
        }
        else if (index >= length)
        {
            index = (2 * length) - 2 - index;
        }

        return index >= 0 && index < samples.Length ? samples[index] : 0;
    }

    // The sizes that models take are no powers of two, and small.
    private void Powers(float[] frame, double[] power)
    {
        for (var k = 0; k < power.Length; k++)
        {
            var (re, im) = (0.0, 0.0);
            for (int i = 0, phase = 0; i < size; i++)
            {
                re += frame[i] * cosines[phase];
                im += frame[i] * sines[phase];
                phase += k;
                if (phase >= size)
                {
                    phase -= size;
                }
            }

            power[k] = (re * re) + (im * im);
        }
    }
}
