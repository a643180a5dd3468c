using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Pictures;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>"image": a picture in colour, brought to the model's size, as numbers.</summary>
internal sealed class PictureInput(TensorSpec input, PictureFit fit, PictureNumbers numbers, bool turn) : IPreprocessor
{
    public IReadOnlyList<string> Feeds { get; } = [input.Name];

    public static PictureInput Make(IStepParameters reader)
    {
        var input = reader.Input("input", types: [TensorType.Float32, TensorType.Float16, TensorType.UInt8]) ?? new TensorSpec("", TensorType.Float32, [1, 3, 1, 1]);
        var mode = reader.Choice("fit", "stretch", PictureFit.Modes);
        var filter = reader.Choice("resample", "bilinear", "bilinear", "bicubic", "area", "nearest");
        var (width, height) = (reader.Integer("width", 1, 4096), reader.Integer("height", 1, 4096));
        var fit = new PictureFit(
            mode,
            width,
            height,
            mode == "cover" ? reader.Integer("shorter_side", 1, 4096, otherwise: 0) : 0,
            Enum.TryParse<ResampleFilter>(filter, ignoreCase: true, out var known) ? known : ResampleFilter.Bilinear,
            Colour(reader));
        if (fit.ShorterSide > 0 && fit.ShorterSide < Math.Max(width, height))
        {
            reader.Problem("shorter_side", $"write at least {Math.Max(width, height)}, the longer of width and height, or leave it out");
        }

        var numbers = PictureNumbers.Read(reader, input.Type);
        Check(reader, input, numbers, width, height, isOpen: mode == "height");
        return new PictureInput(input, fit, numbers, reader.Flag("exif", otherwise: true));
    }

    public PreparedInput Read(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var original = PictureDecoder.Decode(bytes, turn, cancellationToken);
        var (picture, geometry) = fit.Apply(original, cancellationToken);
        return new PreparedInput(new Dictionary<string, ModelTensor>(StringComparer.Ordinal) { [input.Name] = numbers.Of(picture) }) { Picture = geometry };
    }

    private static byte[] Colour(IStepParameters reader)
    {
        var colour = reader.Numbers("background", 0, 255, RgbPicture.Channels);
        if (colour.Count is not (0 or RgbPicture.Channels))
        {
            reader.Problem("background", "write red, green and blue");
        }

        return colour.Count == RgbPicture.Channels ? [.. colour.Select(static value => (byte)value)] : [0, 0, 0];
    }

    private static void Check(IStepParameters reader, TensorSpec input, PictureNumbers numbers, int width, int height, bool isOpen)
    {
        var wanted = numbers.Shape(isOpen ? -1 : width, height);
        if (input.Shape.Count != 4 || !input.Shape.Zip(wanted).All(static pair => pair.First == -1 || pair.First == pair.Second))
        {
            reader.Problem("input", $"\"{input.Name}\" is {input}; layout, colour, width and height make it {new TensorSpec("", input.Type, wanted)}");
        }
    }
}
