using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Settlement;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Hosting;

/// <summary>The known slots of one program: who fills each, and which role needs it.</summary>
internal sealed class Slots
{
    private static readonly Dictionary<Type, string> Known = new()
    {
        [typeof(ITransport)] = "transport",
        [typeof(IIdentityProvider)] = "identity",
        [typeof(IPoolJournal)] = "state store",
        [typeof(ISettlementPolicy)] = "settlement policy",
        [typeof(IInferenceBackend)] = "inference backend",
        [typeof(IProofVerifier)] = "proof verification",
    };

    private readonly List<SlotFilling> filled = [];
    private readonly List<(Type Contract, string NeededBy)> needed = [];

    public SlotFilling Fill(Type contract, string filledBy, string? plugin)
    {
        var slot = NameOf(contract);
        if (Filling(contract) is { } other)
        {
            throw new SwarmPoolException(
                ErrorCodes.SlotTaken,
                $"The {slot} slot is filled twice: by {other.FilledBy} and by {filledBy}. Keep one: take the other's Use call out of the code, or its plugin out of plugins:use in the configuration.");
        }

        var filling = new SlotFilling(slot, contract, filledBy, plugin);
        filled.Add(filling);
        return filling;
    }

    public void Require(Type contract, string neededBy)
    {
        _ = NameOf(contract);
        if (!needed.Contains((contract, neededBy)))
        {
            needed.Add((contract, neededBy));
        }
    }

    public bool IsFilledAndRequired(Type contract) =>
        Filling(contract) is not null && needed.Exists(need => need.Contract == contract);

    /// <summary>Adds a problem for each slot that a role needs and nothing fills.</summary>
    /// <param name="problems">Where to.</param>
    /// <param name="pluginsAtHand">The plugin folders that configuration could name.</param>
    public void CheckRequired(Problems problems, IReadOnlyList<string> pluginsAtHand)
    {
        var atHand = pluginsAtHand.Count == 0 ? "" : $" (at hand: {string.Join(", ", pluginsAtHand)})";
        foreach (var need in needed.GroupBy(need => need.Contract).Where(need => Filling(need.Key) is null))
        {
            var roles = need.Select(one => one.NeededBy).ToList();
            problems.Add(
                ErrorCodes.SlotEmpty,
                $"The {NameOf(need.Key)} slot is empty, and {string.Join(" and ", roles)} {(roles.Count == 1 ? "needs" : "need")} it. " +
                $"Name a plugin that fills it under plugins:use in the configuration{atHand}, or call its Use method in code, or Fill<{need.Key.Name}>.");
        }
    }

    private static string NameOf(Type contract) =>
        Known.TryGetValue(contract, out var slot)
            ? slot
            : throw new ArgumentException(
                $"{contract.Name} is no slot. The slots are {string.Join(", ", Known.Keys.Select(type => type.Name))}; register anything else as a service.",
                nameof(contract));

    private SlotFilling? Filling(Type contract) => filled.Find(filling => filling.Contract == contract);
}

/// <summary>A slot and who fills it; one a filled slot is registered as a service, for <c>status</c> and logs.</summary>
/// <param name="Slot">The slot's name for people, e.g. "transport".</param>
/// <param name="Contract">The slot's contract, e.g. <c>ITransport</c>.</param>
/// <param name="FilledBy">Who fills it, e.g. "Embedded transport".</param>
/// <param name="Plugin">The folder name of the plugin that fills it; null when that was done in code.</param>
public sealed record SlotFilling(string Slot, Type Contract, string FilledBy, string? Plugin = null);
