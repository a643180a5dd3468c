using SwarmPool.Protocol.Packs;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Verification;

/// <summary>What kinds of arithmetic outputs come from, as their proofs state it, and what a model's manifest says of them.</summary>
/// <remarks>Pure; thread-safe.</remarks>
internal static class ModelClass
{
    /// <summary>The class that a proof states.</summary>
    public static Inference.NumericClass Of(ProofMetrics metrics) => new(metrics.ModelSha256, metrics.Runtime, metrics.Device, metrics.Precision);

    /// <summary>
    /// Why a class can't be that of a pack's runs; null when it can. The model is one of the pack's files, or what its manifest states; of the rest counts what
    /// the manifest states.
    /// </summary>
    public static string? Problem(Inference.NumericClass stated, ModelPack pack)
    {
        if (!pack.HasModel(stated.ModelSha256))
        {
            return $"the model that it names ({stated.ModelSha256}) is none of the pack's";
        }

        return pack.NumericClass is not { } known ? null
            : Part("runtime", stated.Runtime, known.Runtime) ?? Part("device", stated.Device, known.Device) ?? Part("precision", stated.Precision, known.Precision);
    }

    /// <summary>The first part in which two classes differ, for people.</summary>
    public static string Difference(Inference.NumericClass one, Inference.NumericClass other) =>
        one.ModelSha256 != other.ModelSha256 ? "another model"
        : Pair("runtime", one.Runtime, other.Runtime) ?? Pair("device", one.Device, other.Device) ?? Pair("precision", one.Precision, other.Precision) ?? "the same";

    private static string? Part(string name, string stated, string? known) =>
        known is null || known == stated ? null : $"its {name} is {stated}, and the model's manifest says {known}";

    private static string? Pair(string name, string one, string other) => one == other ? null : $"{name} {one} and {other}";
}
