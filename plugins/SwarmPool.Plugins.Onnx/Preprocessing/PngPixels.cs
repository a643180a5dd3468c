using System.Buffers.Binary;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>Turns a row of a PNG picture, filters undone, into gray or colour on white.</summary>
/// <remarks>
/// Source: PNG specification, sections 11.2.2 (PLTE), 11.3.1.1 (tRNS) and 13.12. Of 16 bits the upper 8 count, as nearly every decoder has
/// it; a colour that is declared transparent is compared in all its bits.
/// </remarks>
internal readonly ref struct PngPixels
{
    private readonly PngHeader header;
    private readonly ReadOnlySpan<byte> palette;
    private readonly ReadOnlySpan<byte> alphas;
    private readonly int transparent; // Gray; -1: none.
    private readonly (int Red, int Green, int Blue) transparentColour;

    public PngPixels(PngHeader header, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> transparency)
    {
        this.header = header;
        this.palette = palette;
        transparent = -1;
        transparentColour = (-1, -1, -1);
        if (header.Colour == PngColour.Palette)
        {
            alphas = transparency;
        }
        else if (header.Colour == PngColour.Gray && transparency.Length > 0)
        {
            transparent = Declared(transparency, 0, 2);
        }
        else if (header.Colour == PngColour.Rgb && transparency.Length > 0)
        {
            transparentColour = (Declared(transparency, 0, 6), Declared(transparency, 2, 6), Declared(transparency, 4, 6));
        }
    }

    /// <summary>A pixel as gray, 0 black to 255 white.</summary>
    public byte Gray(ReadOnlySpan<byte> row, int pixel)
    {
        var (red, green, blue, alpha) = Colour(row, pixel);
        return OverWhite(header.Colour is PngColour.Gray or PngColour.GrayAlpha ? red : Luma(red, green, blue), alpha);
    }

    /// <summary>A pixel's red, green and blue.</summary>
    public void Rgb(ReadOnlySpan<byte> row, int pixel, Span<byte> rgb)
    {
        var (red, green, blue, alpha) = Colour(row, pixel);
        (rgb[0], rgb[1], rgb[2]) = (OverWhite(red, alpha), OverWhite(green, alpha), OverWhite(blue, alpha));
    }

    public static byte OverWhite(int value, int alpha) => (byte)(((value * alpha) + (255 * (255 - alpha)) + 127) / 255);

    private (int Red, int Green, int Blue, int Alpha) Colour(ReadOnlySpan<byte> row, int pixel)
    {
        var at = pixel * header.Channels;
        switch (header.Colour)
        {
            case PngColour.Palette:
                return Entry(Number(row, at));
            case PngColour.Gray:
                var number = Number(row, at);
                var gray = Eight(number);
                return (gray, gray, gray, number == transparent ? 0 : byte.MaxValue);
            case PngColour.GrayAlpha:
                var level = Eight(Number(row, at));
                return (level, level, level, Eight(Number(row, at + 1)));
            default:
                var colour = (Red: Number(row, at), Green: Number(row, at + 1), Blue: Number(row, at + 2));
                var alpha = header.Colour == PngColour.Rgba ? Eight(Number(row, at + 3)) : colour == transparentColour ? 0 : byte.MaxValue;
                return (Eight(colour.Red), Eight(colour.Green), Eight(colour.Blue), alpha);
        }
    }

    // The bits above the picture's own don't count.
    private int Declared(ReadOnlySpan<byte> transparency, int at, int length) => transparency.Length == length
        ? BinaryPrimitives.ReadUInt16BigEndian(transparency[at..]) & ((1 << header.Bits) - 1)
        : throw PngDecoder.Damaged("its transparent colour has a wrong length");

    private (int Red, int Green, int Blue, int Alpha) Entry(int index)
    {
        if (palette.Length < (index + 1) * 3)
        {
            throw PngDecoder.Damaged("it uses a colour that its palette does not have");
        }

        var colour = palette[(index * 3)..];
        return (colour[0], colour[1], colour[2], index < alphas.Length ? alphas[index] : byte.MaxValue);
    }

    private int Number(ReadOnlySpan<byte> row, int index)
    {
        switch (header.Bits)
        {
            case 8:
                return row[index];
            case 16:
                return BinaryPrimitives.ReadUInt16BigEndian(row[(index * 2)..]);
            default:
                var bit = index * header.Bits;
                return (row[bit / 8] >> (8 - header.Bits - (bit % 8))) & ((1 << header.Bits) - 1);
        }
    }

    private int Eight(int number) => header.Bits == 16 ? number >> 8 : number * 255 / ((1 << header.Bits) - 1);

    // Rec. 601 in 1/256 parts.
    private static int Luma(int red, int green, int blue) => ((red * 77) + (green * 150) + (blue * 29)) >> 8;
}
