using System.Globalization;
using System.Numerics;
using System.Text.Json;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Preprocessing;

/// <summary>The data of a tensor as JSON has them.</summary>
internal static class TensorJsonData
{
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static Array Read(TensorSpec input, JsonElement data) => input.Type switch
    {
        TensorType.Float32 => Numbers<float>(input, data),
        TensorType.Float64 => Numbers<double>(input, data),
        TensorType.Float16 => Numbers<Half>(input, data),
        TensorType.BFloat16 => BFloats(input, data),
        TensorType.Int8 => Numbers<sbyte>(input, data),
        TensorType.UInt8 => Numbers<byte>(input, data),
        TensorType.Int16 => Numbers<short>(input, data),
        TensorType.UInt16 => Numbers<ushort>(input, data),
        TensorType.Int32 => Numbers<int>(input, data),
        TensorType.UInt32 => Numbers<uint>(input, data),
        TensorType.Int64 => Numbers<long>(input, data),
        TensorType.UInt64 => Numbers<ulong>(input, data),
        TensorType.Bool => Each(data, (element, i) => element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw TensorJson.Refuse($"value {i} of input \"{input.Name}\" is not true or false"),
        }),
        _ => Each(data, (element, i) => element.ValueKind == JsonValueKind.String
            ? element.GetString()!
            : throw TensorJson.Refuse($"text {i} of input \"{input.Name}\" is not a string")),
    };

    private static T[] Numbers<T>(TensorSpec input, JsonElement data)
        where T : struct, INumber<T> => Each(data, (element, i) =>
        {
            var text = element.ValueKind switch
            {
                JsonValueKind.Number => element.GetRawText(),
                JsonValueKind.String => element.GetString(),
                _ => null,
            };
            return text is { Length: > 0 and <= 64 } && T.TryParse(text, Decimal, CultureInfo.InvariantCulture, out var value) && T.IsFinite(value)
                ? value
                : throw TensorJson.Refuse($"number {i} of input \"{input.Name}\" is not a finite {TensorSpec.TypeName(input.Type)}");
        });

    // The nearest float first, then the nearest of these: a number that lies closer to the middle of two than a float can tell goes to the even one.
    private static BFloat16[] BFloats(TensorSpec input, JsonElement data)
    {
        var values = Array.ConvertAll(Numbers<float>(input, data), BFloat16.From);
        var large = Array.FindIndex(values, static value => !float.IsFinite(value.ToSingle()));
        return large < 0 ? values : throw TensorJson.Refuse($"number {large} of input \"{input.Name}\" is not a finite bfloat16");
    }

    private static T[] Each<T>(JsonElement data, Func<JsonElement, int, T> read)
    {
        var values = new T[data.GetArrayLength()];
        var i = 0;
        foreach (var element in data.EnumerateArray())
        {
            values[i] = read(element, i);
            i++;
        }

        return values;
    }
}
