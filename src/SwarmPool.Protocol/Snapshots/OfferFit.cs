using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>Whether what a miner says of a model meets what a job asks for: one rule for the pool, which refuses, and for miners, which look before they claim.</summary>
/// <remarks>Pure; thread-safe. What an offer does not say meets no need.</remarks>
public static class OfferFit
{
    /// <summary>Whether the offer meets the needs; without needs any does, and none at all.</summary>
    /// <param name="needs">What the job asks for beside its model.</param>
    /// <param name="offer">What the miner says of the model; null: nothing.</param>
    public static bool Meets(JobNeeds? needs, ModelOffer? offer) => needs is null
        || (Memory(needs, offer?.MemoryBytes) && Context(needs, offer?.ContextTokens) && Class(needs, offer?.Device, offer?.Precision, offer?.Runtime));

    /// <summary>Whether a job of that price pays what the offer asks.</summary>
    /// <param name="price">What the job pays.</param>
    /// <param name="offer">What the miner says of the model; null: nothing.</param>
    public static bool Pays(Usdc price, ModelOffer? offer) => price >= (offer?.MinPrice ?? Usdc.Zero);

    internal static bool Memory(JobNeeds needs, long? has) => needs.MemoryBytes is not { } wanted || has >= wanted;

    internal static bool Context(JobNeeds needs, int? has) => needs.ContextTokens is not { } wanted || has >= wanted;

    internal static bool Class(JobNeeds needs, string? device, string? precision, string? runtime) =>
        Begins(needs.Device, device) && (needs.Precision is null || needs.Precision == precision) && Begins(needs.Runtime, runtime);

    /// <summary>Whether the job asks for a class at all.</summary>
    internal static bool AsksClass(JobNeeds needs) => (needs.Device ?? needs.Precision ?? needs.Runtime) is not null;

    // A device's or runtime's kind, or all of its name: "cuda" is met by "cuda:NVIDIA H100", not by "cuda2".
    private static bool Begins(string? wanted, string? has) => wanted is null
        || (has is not null && has.StartsWith(wanted, StringComparison.Ordinal) && (has.Length == wanted.Length || has[wanted.Length] is ':' or '/' or ' '));
}
