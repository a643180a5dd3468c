using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Pictures;

/// <summary>How a picture's pixels become numbers, and in which order. Thread-safe.</summary>
internal sealed class PictureNumbers(TensorType type, string colour, bool isChannelsFirst, double[] factors, double[] offsets)
{
    private readonly int channels = colour == "gray" ? 1 : RgbPicture.Channels;

    public static PictureNumbers Read(IStepParameters reader, TensorType type)
    {
        var colour = reader.Choice("colour", "rgb", "rgb", "bgr", "gray");
        var layout = reader.Choice("layout", "nchw", "nchw", "nhwc");
        var count = colour == "gray" ? 1 : RgbPicture.Channels;
        if (type == TensorType.UInt8)
        {
            foreach (var key in (string[])["scale", "mean", "std"])
            {
                if (reader.Has(key))
                {
                    reader.Problem(key, "a uint8 input takes the pixels as they are; take it out");
                }
            }
        }

        var scale = type == TensorType.UInt8 ? 1 : reader.Number("scale", 1e-6, 1e6, otherwise: 1 / 255.0);
        var (mean, std) = type == TensorType.UInt8 ? ([], []) : (Each(reader, "mean", -1e6, count), Each(reader, "std", 1e-6, count));
        return new PictureNumbers(
            type,
            colour,
            layout == "nchw",
            [.. Enumerable.Range(0, count).Select(i => scale / (std.Count > i ? std[i] : 1))],
            [.. Enumerable.Range(0, count).Select(i => -(mean.Count > i ? mean[i] : 0) / (std.Count > i ? std[i] : 1))]);
    }

    /// <summary>The shape of a picture of that size; -1 for an open dimension.</summary>
    public int[] Shape(int width, int height) => isChannelsFirst ? [1, channels, height, width] : [1, height, width, channels];

    public ModelTensor Of(RgbPicture picture)
    {
        var count = picture.Width * picture.Height;
        var shape = Array.ConvertAll(Shape(picture.Width, picture.Height), static side => (long)side);
        var values = new float[type == TensorType.UInt8 ? 0 : count * channels];
        var bytes = new byte[type == TensorType.UInt8 ? count * channels : 0];
        for (var i = 0; i < count; i++)
        {
            var pixel = picture.Pixels.AsSpan(i * RgbPicture.Channels, RgbPicture.Channels);
            for (var c = 0; c < channels; c++)
            {
                var value = colour switch
                {
                    "rgb" => pixel[c],
                    "bgr" => pixel[RgbPicture.Channels - 1 - c],
                    _ => (byte)(((pixel[0] * 77) + (pixel[1] * 150) + (pixel[2] * 29)) >> 8), // Rec. 601 in 1/256 parts.
                };
                var at = isChannelsFirst ? (c * count) + i : (i * channels) + c;
                if (type == TensorType.UInt8)
                {
                    bytes[at] = value;
                }
                else
                {
                    values[at] = (float)((value * factors[c]) + offsets[c]);
                }
            }
        }

        return new ModelTensor(shape, type switch
        {
            TensorType.UInt8 => bytes,
            TensorType.Float16 => Array.ConvertAll(values, static value => (Half)value),
            _ => values,
        });
    }

    private static IReadOnlyList<double> Each(IStepParameters reader, string key, double least, int count)
    {
        var values = reader.Numbers(key, least, 1e6, RgbPicture.Channels);
        if (values.Count == 0 || values.Count == count)
        {
            return values;
        }

        reader.Problem(key, $"write {count} numbers, one a channel");
        return [];
    }
}
