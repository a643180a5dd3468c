using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>The model's inputs that a text goes to: [1, tokens], of int64 or int32. Thread-safe.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="Mask">1 where there is one, 0 where there is nothing; null when the model doesn't ask.</param>
/// <param name="Types">All 0, there being one text; null when the model doesn't ask.</param>
internal sealed record TextPlaces(TensorSpec Ids, TensorSpec? Mask, TensorSpec? Types)
{
    public IReadOnlyList<string> Names { get; } = [.. new[] { Ids, Mask, Types }.OfType<TensorSpec>().Select(static spec => spec.Name)];

    /// <summary>How many tokens the model always takes; null when it takes any number.</summary>
    public int? Fixed => Ids.Shape.Count == 2 && Ids.Shape[1] > 0 ? Ids.Shape[1] : null;

    public static TextPlaces Read(IStepParameters reader)
    {
        var ids = Place(reader, "ids", optional: false) ?? new TensorSpec("", TensorType.Int64, [1, -1]);
        var mask = Place(reader, "mask", optional: true);
        var types = Place(reader, "types", optional: true);
        var places = new TextPlaces(ids, mask, types);
        if (places.Fixed is not null && mask is null)
        {
            reader.Problem("mask", $"\"{ids.Name}\" always has {places.Fixed} places, and nothing tells the model which of them count; name the input that does");
        }

        return places;
    }

    public Dictionary<string, ModelTensor> Tensors(IReadOnlyList<int> ids, int pad)
    {
        var length = Fixed ?? ids.Count;
        var tensors = new Dictionary<string, ModelTensor>(StringComparer.Ordinal) { [Ids.Name] = Tensor(Ids, length, i => i < ids.Count ? ids[i] : pad) };
        if (Mask is not null)
        {
            tensors.Add(Mask.Name, Tensor(Mask, length, i => i < ids.Count ? 1 : 0));
        }

        if (Types is not null)
        {
            tensors.Add(Types.Name, Tensor(Types, length, static _ => 0));
        }

        return tensors;
    }

    private static TensorSpec? Place(IStepParameters reader, string key, bool optional)
    {
        var place = reader.Input(key, optional, TensorType.Int64, TensorType.Int32);
        if (place is not null && (place.Shape.Count != 2 || place.Shape[0] > 1))
        {
            reader.Problem(key, $"\"{place.Name}\" is {place}; one of [1, tokens] is needed");
        }

        return place;
    }

    private static ModelTensor Tensor(TensorSpec spec, int length, Func<int, int> value) => new(
        [1, length],
        spec.Type == TensorType.Int64
            ? Enumerable.Range(0, length).Select(i => (long)value(i)).ToArray()
            : Enumerable.Range(0, length).Select(value).ToArray());
}
