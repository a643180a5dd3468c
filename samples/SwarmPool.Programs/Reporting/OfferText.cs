using System.Globalization;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Reporting;

/// <summary>What a miner says of its models, as people read it.</summary>
public static class OfferText
{
    /// <summary>"digits-v1 (cpu, fp32, 0.4 s a job, from 0.01 USDC)"; the model alone where nothing is said of it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="offers">What the miner says of its models; null: nothing.</param>
    public static string Of(string model, IReadOnlyList<ModelOffer>? offers)
    {
        if (offers?.FirstOrDefault(one => one.Model == model) is not { } offer)
        {
            return model;
        }

        string?[] parts =
        [
            offer.Device,
            offer.Precision,
            offer.Runtime,
            offer.MemoryBytes is { } bytes ? ByteCount.Of(bytes) : null,
            offer.ContextTokens is { } tokens ? Counted.Of(tokens, "token") : null,
            offer.Warm == true ? "loaded" : null,
            offer.JobMilliseconds is { } ms ? $"{Thousandth(ms)} s a job" : null,
            offer.MillitokensPerSecond is { } rate ? $"{Thousandth(rate)} tokens/s" : null,
            offer.MinPrice is { } price ? $"from {price} USDC" : null,
        ];
        return $"{model} ({string.Join(", ", parts.OfType<string>())})";
    }

    private static string Thousandth(long milli) => (milli / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}
