using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Tools.Digits.Training;

/// <summary>How well a network reads pictures that it never saw.</summary>
internal static class HeldOut
{
    /// <summary>Pictures of each digit.</summary>
    public const int PerDigit = 100;

    // Far from the small seeds that demos and tests draw, so neither is tuned to the other.
    private const int FirstSeed = 1_000_000;

    /// <summary>How many of 10 × <see cref="PerDigit"/> pictures, full size, it reads rightly.</summary>
    public static int CountRight(Network network)
    {
        var right = 0;
        var cells = new float[GlyphImage.Cells];
        for (var i = 0; i < PerDigit * Network.Digits; i++)
        {
            var digit = i % Network.Digits;
            GlyphImage.Read(DigitPictures.Gray(digit, FirstSeed + (i / Network.Digits)), DigitPictures.Size, cells);
            right += network.Recognise(cells) == digit ? 1 : 0;
        }

        return right;
    }
}
