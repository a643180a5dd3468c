using System.Text.Json.Serialization;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Settlement.Processes;

/// <summary>The first line to a policy's process: what to compose there.</summary>
/// <param name="BaseDirectory">What relative paths are relative to.</param>
/// <param name="Configuration">Where plugins are, and the one that has the policy with its own section; nothing else of the configuration.</param>
internal sealed record PolicyComposition(string BaseDirectory, IReadOnlyDictionary<string, string?> Configuration);

/// <summary>Its answer: what the policy is published as, and whom it declares, as <see cref="DeclaredPayee.TryParse"/> reads them.</summary>
internal sealed record PolicyDescription(string Name, string Version, string Sha256, IReadOnlyList<string> Payees);

/// <summary>An epoch to settle; a line for each of its entries, each earlier payee and each check follows.</summary>
internal sealed record PolicyRequest(
    string EpochId, long Number, Payee Operations, IReadOnlyList<Payee> Declared, string PolicyState, int Entries, int Earlier, int Checks);

/// <summary>A ledger's entry.</summary>
internal sealed record PolicyEntry(Cid Job, Cid Proof, Payee Miner, MiningMode Mode, long Micro, long DecidedAt);

/// <summary>A check of others' work.</summary>
internal sealed record PolicyCheck(Cid Job, Payee Checker, long Micro, long DecidedAt);

/// <summary>An answer: exactly one of the three is there.</summary>
/// <param name="Described">What the policy is.</param>
/// <param name="Settled">What it gave; a line for each miner's payout and each declared payee's follows.</param>
/// <param name="Refused">Why there is nothing.</param>
internal sealed record PolicyAnswer(PolicyDescription? Described = null, PolicySettled? Settled = null, PolicyRefused? Refused = null);

/// <summary>What a policy gave, without its payouts.</summary>
internal sealed record PolicySettled(long Operations, string PolicyState, int Miners, int Declared);

/// <summary>Why there is no settlement, or no policy.</summary>
internal sealed record PolicyRefused(string Code, string Reason);

/// <summary>A payout.</summary>
internal sealed record PolicyPayout(Payee To, long Micro);

/// <summary>How they are written: one JSON value a line.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 8)]
[JsonSerializable(typeof(PolicyComposition))]
[JsonSerializable(typeof(PolicyRequest))]
[JsonSerializable(typeof(PolicyEntry))]
[JsonSerializable(typeof(PolicyCheck))]
[JsonSerializable(typeof(Payee))]
[JsonSerializable(typeof(PolicyAnswer))]
[JsonSerializable(typeof(PolicyPayout))]
internal sealed partial class PolicyJson : JsonSerializerContext;
