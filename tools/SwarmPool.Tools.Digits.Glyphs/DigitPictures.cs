using SwarmPool.Tools.Learning;

namespace SwarmPool.Tools.Digits.Glyphs;

/// <summary>Pictures of digits: black ink on white paper, 128×128, 8-bit gray.</summary>
/// <remarks>Pure and thread-safe: the same digit and seed give the same bytes on every machine (see <see cref="SplitMix"/>).</remarks>
public static class DigitPictures
{
    /// <summary>Width and height of a picture in pixels: 128.</summary>
    public const int Size = 128;

    private const ulong PicturesStream = 0x70_69_63_74;

    /// <summary>The picture as a PNG file.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="seed">Which of the digit's pictures; any number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="digit"/> is not a digit.</exception>
    public static byte[] Png(int digit, int seed) => PngWriter.Gray(Size, Size, Gray(digit, seed));

    /// <summary>The picture's gray values, row by row: 0 is ink, 255 paper.</summary>
    /// <param name="digit">0 to 9.</param>
    /// <param name="seed">Which of the digit's pictures; any number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="digit"/> is not a digit.</exception>
    public static byte[] Gray(int digit, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(digit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digit, 9);
        return GlyphPainter.Paint(digit, SplitMix.For(PicturesStream, digit, seed), Size);
    }
}
