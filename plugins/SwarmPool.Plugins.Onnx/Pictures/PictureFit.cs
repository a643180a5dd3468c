using SwarmPool.Inference;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Pictures;

/// <summary>How a picture is brought to the size that a model takes. Thread-safe.</summary>
/// <param name="Mode">stretch, cover, letterbox, top-left, height or exact.</param>
/// <param name="Width">The model's width; with "height" the greatest one.</param>
/// <param name="Height">The model's height.</param>
/// <param name="ShorterSide">With "cover": what the shorter side becomes before the middle is cut out; 0 for as little as covers.</param>
/// <param name="Filter">How it is scaled.</param>
/// <param name="Background">The colour around it: red, green, blue.</param>
internal sealed record PictureFit(string Mode, int Width, int Height, int ShorterSide, ResampleFilter Filter, byte[] Background)
{
    /// <summary>The most times wider or higher than the whole that a picture becomes before it is cut.</summary>
    private const int MaxScaledSide = PictureHeader.MaxSide;

    public static string[] Modes { get; } = ["stretch", "cover", "letterbox", "top-left", "height", "exact"];

    public (RgbPicture Picture, PictureGeometry Geometry) Apply(RgbPicture picture, CancellationToken cancellationToken)
    {
        switch (Mode)
        {
            case "exact":
                return picture.Width == Width && picture.Height == Height
                    ? (picture, Geometry(picture, Width, Height, 0, 0))
                    : throw new InferenceException($"The picture is {picture.Width}×{picture.Height}; the model takes {Width}×{Height} exactly. Send it in that size.");
            case "cover":
                return Cover(picture, cancellationToken);
            case "letterbox" or "top-left":
                return Inside(picture, cancellationToken);
            case "height":
                var wide = Rounded(picture.Width, (double)Height / picture.Height);
                return wide <= Width
                    ? (Resampler.Scale(picture, wide, Height, Filter, cancellationToken), Geometry(picture, wide, Height, 0, 0))
                    : throw new InferenceException($"The picture is {picture.Width}×{picture.Height}, which is {wide} pixels wide when it is {Height} high; the model takes {Width}. Send a part of it.");
            default:
                return (Resampler.Scale(picture, Width, Height, Filter, cancellationToken), Geometry(picture, Width, Height, 0, 0));
        }
    }

    // Only what is left of it afterwards is scaled: a picture one pixel high would else become thousands wide.
    private (RgbPicture Picture, PictureGeometry Geometry) Cover(RgbPicture picture, CancellationToken cancellationToken)
    {
        var factor = ShorterSide > 0
            ? (double)ShorterSide / Math.Min(picture.Width, picture.Height)
            : Math.Max((double)Width / picture.Width, (double)Height / picture.Height);
        var (wide, high) = (Math.Max(Rounded(picture.Width, factor), Width), Math.Max(Rounded(picture.Height, factor), Height));
        if (wide > MaxScaledSide || high > MaxScaledSide || (long)wide * high > PictureHeader.MaxPixels)
        {
            throw new InferenceException($"The picture is {picture.Width}×{picture.Height}, too long and narrow to be cut to {Width}×{Height}. Send a part of it.");
        }

        var (left, top) = ((wide - Width) / 2, (high - Height) / 2);
        var scaled = Resampler.Scale(picture, wide, high, Filter, cancellationToken);
        return (scaled.Crop(left, top, Width, Height), Geometry(picture, wide, high, -left, -top));
    }

    private (RgbPicture Picture, PictureGeometry Geometry) Inside(RgbPicture picture, CancellationToken cancellationToken)
    {
        var factor = Math.Min((double)Width / picture.Width, (double)Height / picture.Height);
        var (wide, high) = (Math.Min(Rounded(picture.Width, factor), Width), Math.Min(Rounded(picture.Height, factor), Height));
        var (left, top) = Mode == "letterbox" ? ((Width - wide) / 2, (Height - high) / 2) : (0, 0);
        var scaled = Resampler.Scale(picture, wide, high, Filter, cancellationToken);
        return (scaled.Pad(left, top, Width, Height, Background), Geometry(picture, wide, high, left, top));
    }

    private static int Rounded(int side, double factor) => Math.Max(1, (int)Math.Min(Math.Round(side * factor), int.MaxValue));

    private PictureGeometry Geometry(RgbPicture original, int wide, int high, int left, int top) => new(
        original.Width, original.Height, (double)wide / original.Width, (double)high / original.Height, left, top, Mode == "height" ? wide : Width, Height);
}
