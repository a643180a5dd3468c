using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Texts;

/// <summary>The ids that stand before and after a text, and fill what is left.</summary>
internal sealed record SurroundingIds(IReadOnlyList<int> Before, IReadOnlyList<int> After, int Pad)
{
    private const int Most = 10_000_000;

    public static SurroundingIds Read(IStepParameters reader) => new(
        reader.Has("begin_id") ? [reader.Integer("begin_id", 0, Most)] : [],
        reader.Has("end_id") ? [reader.Integer("end_id", 0, Most)] : [],
        reader.Integer("pad_id", 0, Most, otherwise: 0));
}
