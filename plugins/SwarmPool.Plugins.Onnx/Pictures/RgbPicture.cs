namespace SwarmPool.Plugins.Onnx.Pictures;

/// <summary>A picture in colour: red, green, blue of each pixel, row by row, 0 to 255.</summary>
internal sealed record RgbPicture(int Width, int Height, byte[] Pixels)
{
    public const int Channels = 3;

    /// <summary>The part of it that begins at a pixel.</summary>
    public RgbPicture Crop(int left, int top, int width, int height)
    {
        var part = new byte[width * height * Channels];
        for (var y = 0; y < height; y++)
        {
            Pixels.AsSpan((((top + y) * Width) + left) * Channels, width * Channels).CopyTo(part.AsSpan(y * width * Channels));
        }

        return new RgbPicture(width, height, part);
    }

    /// <summary>It on a ground of one colour.</summary>
    public RgbPicture Pad(int left, int top, int width, int height, ReadOnlySpan<byte> colour)
    {
        var whole = new byte[width * height * Channels];
        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] = colour[i % Channels];
        }

        for (var y = 0; y < Height; y++)
        {
            Pixels.AsSpan(y * Width * Channels, Width * Channels).CopyTo(whole.AsSpan((((top + y) * width) + left) * Channels));
        }

        return new RgbPicture(width, height, whole);
    }

    /// <summary>As people see it, by Exif's orientation, 1 to 8.</summary>
    public RgbPicture Turn(int orientation)
    {
        if (orientation is <= 1 or > 8)
        {
            return this;
        }

        var (width, height) = orientation >= 5 ? (Height, Width) : (Width, Height);
        var turned = new byte[Pixels.Length];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                // Where the pixel that is seen at x, y lies in the file.
                var (column, row) = orientation switch
                {
                    2 => (Width - 1 - x, y),
                    3 => (Width - 1 - x, Height - 1 - y),
                    4 => (x, Height - 1 - y),
                    5 => (y, x),
                    6 => (y, Height - 1 - x),
                    7 => (Width - 1 - y, Height - 1 - x),
                    _ => (Width - 1 - y, x),
                };
                Pixels.AsSpan(((row * Width) + column) * Channels, Channels).CopyTo(turned.AsSpan(((y * width) + x) * Channels));
            }
        }

        return new RgbPicture(width, height, turned);
    }
}
