using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SwarmPool.Inference;
using SwarmPool.Plugins.Onnx.Preprocessing;

namespace SwarmPool.Plugins.Onnx.Pictures;

/// <summary>
/// Decodes PNG, JPEG and WebP pictures in colour, as people see them. The header is checked first; ImageSharp, which reads JPEG and WebP in
/// managed code, is given those two decoders alone and memory with a bound; PNG is this plugin's own decoder, which inflates what the size calls for.
/// </summary>
internal static class PictureDecoder
{
    private const int MaxBufferMegabytes = 256;

    private static readonly Configuration Decoders = new(new JpegConfigurationModule(), new WebpConfigurationModule())
    {
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { MaximumPoolSizeMegabytes = 64, AllocationLimitMegabytes = MaxBufferMegabytes }),
        MaxDegreeOfParallelism = 1,
    };

    /// <exception cref="InferenceException">It is no such picture, damaged, or larger than is taken.</exception>
    public static RgbPicture Decode(ReadOnlyMemory<byte> file, bool turn, CancellationToken cancellationToken)
    {
        var header = PictureHeader.Read(file.Span);
        cancellationToken.ThrowIfCancellationRequested();
        var picture = header.Format == PictureFormat.Png ? PngDecoder.DecodeRgb(file.Span) : ByLibrary(file.Span, header);
        return turn ? picture.Turn(header.Orientation) : picture;
    }

    private static RgbPicture ByLibrary(ReadOnlySpan<byte> file, PictureHeader header)
    {
        try
        {
            using var image = Image.Load<Rgba32>(Decoders, file);
            if (image.Width != header.Width || image.Height != header.Height)
            {
                throw PictureHeader.Refuse($"its header says {header.Width}×{header.Height}, and it has {image.Width}×{image.Height}");
            }

            return OverWhite(image);
        }
        catch (Exception damaged) when (damaged is not InferenceException and not OutOfMemoryException)
        {
            // Whatever a decoder does with bytes of a stranger: it is the picture that is at fault.
            throw PictureHeader.Refuse("its data are broken", damaged);
        }
    }

    private static RgbPicture OverWhite(Image<Rgba32> image)
    {
        var pixels = new byte[image.Width * image.Height * RgbPicture.Channels];
        image.ProcessPixelRows(rows =>
        {
            var at = 0;
            for (var y = 0; y < rows.Height; y++)
            {
                foreach (var pixel in rows.GetRowSpan(y))
                {
                    pixels[at++] = PngPixels.OverWhite(pixel.R, pixel.A);
                    pixels[at++] = PngPixels.OverWhite(pixel.G, pixel.A);
                    pixels[at++] = PngPixels.OverWhite(pixel.B, pixel.A);
                }
            }
        });
        return new RgbPicture(image.Width, image.Height, pixels);
    }
}
