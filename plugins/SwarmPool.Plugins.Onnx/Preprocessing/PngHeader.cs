using System.Buffers.Binary;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>What the numbers of a PNG picture's pixels are, by its colour type.</summary>
internal enum PngColour
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}

/// <summary>A PNG picture's header.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Bits">Bits of each number: 1, 2, 4, 8 or 16.</param>
/// <param name="Colour">What they are.</param>
/// <param name="IsInterlaced">Whether the rows come in seven passes.</param>
internal sealed record PngHeader(int Width, int Height, int Bits, PngColour Colour, bool IsInterlaced)
{
    /// <summary>Numbers of a pixel.</summary>
    public int Channels => Colour switch { PngColour.GrayAlpha => 2, PngColour.Rgb => 3, PngColour.Rgba => 4, _ => 1 };

    /// <summary>How far back the same number of the pixel before is, in bytes, for filters: at least 1.</summary>
    public int PixelBytes => Math.Max(1, Channels * Bits / 8);

    /// <summary>The bytes of a row of so many pixels.</summary>
    public int Stride(int width) => ((width * Channels * Bits) + 7) / 8;

    /// <param name="data">The header.</param>
    /// <param name="maxSide">The most pixels a side.</param>
    public static PngHeader Read(ReadOnlySpan<byte> data, int maxSide)
    {
        if (data.Length != 13)
        {
            throw PngDecoder.Damaged("its header has a wrong length");
        }

        var width = BinaryPrimitives.ReadUInt32BigEndian(data);
        var height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width == 0 || width > maxSide || height == 0 || height > maxSide)
        {
            throw new InferenceException($"The PNG picture's header says {width}×{height}; 1×1 to {maxSide}×{maxSide} is accepted. Send a smaller one.");
        }

        var isForm = (data[9], data[8]) is (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8 or 16);
        return isForm && data[10] == 0 && data[11] == 0 && data[12] <= 1
            ? new PngHeader((int)width, (int)height, data[8], (PngColour)data[9], data[12] == 1)
            : throw PngDecoder.Damaged($"there is no such form (bits {data[8]}, colour type {data[9]}, interlace {data[12]})");
    }
}
