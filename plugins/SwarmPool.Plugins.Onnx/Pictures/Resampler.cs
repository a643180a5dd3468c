namespace SwarmPool.Plugins.Onnx.Pictures;

/// <summary>How pixels between pixels are found.</summary>
internal enum ResampleFilter
{
    Nearest,
    Area,
    Bilinear,
    Bicubic,
}

/// <summary>
/// Scales a picture: each axis by itself, with a filter that widens as the picture shrinks, in whole numbers, so that the result is the same on
/// every machine. The bits are Pillow's, which most models were trained with.
/// </summary>
/// <remarks>Source: Pillow, src/libImaging/Resample.c (precompute_coeffs, normalize_coeffs_8bpc, ImagingResample*_8bpc).</remarks>
internal static class Resampler
{
    private const int Precision = 32 - 8 - 2;
    private const int Channels = RgbPicture.Channels;

    public static RgbPicture Scale(RgbPicture picture, int width, int height, ResampleFilter filter, CancellationToken cancellationToken)
    {
        if (filter == ResampleFilter.Nearest)
        {
            return Nearest(picture, width, height);
        }

        var wide = width == picture.Width ? picture : Across(picture, width, filter, cancellationToken);
        return height == wide.Height ? wide : Down(wide, height, filter, cancellationToken);
    }

    private static RgbPicture Nearest(RgbPicture picture, int width, int height)
    {
        var pixels = new byte[width * height * Channels];
        for (var y = 0; y < height; y++)
        {
            var row = (int)((((2L * y) + 1) * picture.Height) / (2L * height));
            for (var x = 0; x < width; x++)
            {
                var column = (int)((((2L * x) + 1) * picture.Width) / (2L * width));
                picture.Pixels.AsSpan(((row * picture.Width) + column) * Channels, Channels).CopyTo(pixels.AsSpan(((y * width) + x) * Channels));
            }
        }

        return new RgbPicture(width, height, pixels);
    }

    private static RgbPicture Across(RgbPicture picture, int width, ResampleFilter filter, CancellationToken cancellationToken)
    {
        var taps = Taps(picture.Width, width, filter);
        var pixels = new byte[width * picture.Height * Channels];
        for (var y = 0; y < picture.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = picture.Pixels.AsSpan(y * picture.Width * Channels, picture.Width * Channels);
            var to = pixels.AsSpan(y * width * Channels, width * Channels);
            for (var x = 0; x < width; x++)
            {
                var (first, weights) = taps[x];
                var (red, green, blue) = (1 << (Precision - 1), 1 << (Precision - 1), 1 << (Precision - 1));
                for (var i = 0; i < weights.Length; i++)
                {
                    var at = (first + i) * Channels;
                    red += row[at] * weights[i];
                    green += row[at + 1] * weights[i];
                    blue += row[at + 2] * weights[i];
                }

                (to[x * Channels], to[(x * Channels) + 1], to[(x * Channels) + 2]) = (Clip(red), Clip(green), Clip(blue));
            }
        }

        return new RgbPicture(width, picture.Height, pixels);
    }

    private static RgbPicture Down(RgbPicture picture, int height, ResampleFilter filter, CancellationToken cancellationToken)
    {
        var taps = Taps(picture.Height, height, filter);
        var stride = picture.Width * Channels;
        var pixels = new byte[stride * height];
        var sums = new int[stride];
        for (var y = 0; y < height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (first, weights) = taps[y];
            sums.AsSpan().Fill(1 << (Precision - 1));
            for (var i = 0; i < weights.Length; i++)
            {
                var row = picture.Pixels.AsSpan((first + i) * stride, stride);
                for (var x = 0; x < row.Length; x++)
                {
                    sums[x] += row[x] * weights[i];
                }
            }

            for (var x = 0; x < stride; x++)
            {
                pixels[(y * stride) + x] = Clip(sums[x]);
            }
        }

        return new RgbPicture(picture.Width, height, pixels);
    }

    private static (int First, int[] Weights)[] Taps(int from, int to, ResampleFilter filter)
    {
        var scale = (double)from / to;
        var wide = Math.Max(scale, 1.0);
        var support = wide * filter switch { ResampleFilter.Area => 0.5, ResampleFilter.Bilinear => 1.0, _ => 2.0 };
        var taps = new (int First, int[] Weights)[to];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max((int)(centre - support + 0.5), 0);
            var count = Math.Min((int)(centre + support + 0.5), from) - first;
            var weights = new double[count];
            var sum = 0.0;
            for (var k = 0; k < count; k++)
            {
                weights[k] = Weight(filter, (k + first - centre + 0.5) / wide);
                sum += weights[k];
            }

            taps[i] = (first, Array.ConvertAll(weights, weight =>
            {
                var part = sum != 0 ? weight / sum : weight;
                return (int)((part < 0 ? -0.5 : 0.5) + (part * (1 << Precision)));
            }));
        }

        return taps;
    }

    private static double Weight(ResampleFilter filter, double x)
    {
        const double A = -0.5;
        var far = Math.Abs(x);
        return filter switch
        {
            ResampleFilter.Area => x is > -0.5 and <= 0.5 ? 1.0 : 0.0,
            ResampleFilter.Bilinear => far < 1.0 ? 1.0 - far : 0.0,
            _ => far < 1.0 ? ((((A + 2.0) * far) - (A + 3.0)) * far * far) + 1
                : far < 2.0 ? ((((far - 5) * far) + 8) * far - 4) * A
                : 0.0,
        };
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> Precision, 0, 255);
}
