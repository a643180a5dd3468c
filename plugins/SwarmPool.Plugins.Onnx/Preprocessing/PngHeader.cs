using System.Buffers.Binary;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>A PNG picture's header.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">Bytes of a pixel.</param>
/// <param name="IsPalette">Whether the one byte is an index into a palette.</param>
internal sealed record PngHeader(int Width, int Height, int Channels, bool IsPalette)
{
    /// <summary>Bytes of a row.</summary>
    public int Stride => Width * Channels;

    public static PngHeader Read(ReadOnlySpan<byte> data)
    {
        if (data.Length != 13)
        {
            throw PngDecoder.Damaged("its header has a wrong length");
        }

        var width = BinaryPrimitives.ReadUInt32BigEndian(data);
        var height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width is 0 or > PngDecoder.MaxSide || height is 0 or > PngDecoder.MaxSide)
        {
            throw new InferenceException($"The PNG picture's header says {width}×{height}; 1×1 to {PngDecoder.MaxSide}×{PngDecoder.MaxSide} is accepted. Send a smaller one.");
        }

        var channels = data[9] switch { 0 or 3 => 1, 4 => 2, 2 => 3, 6 => 4, _ => 0 };
        if (data[8] != 8 || channels == 0 || data[10] != 0 || data[11] != 0 || data[12] != 0)
        {
            throw PngDecoder.Damaged($"its form (bits {data[8]}, colour type {data[9]}, interlace {data[12]}) is not supported");
        }

        return new PngHeader((int)width, (int)height, channels, data[9] == 3);
    }
}
