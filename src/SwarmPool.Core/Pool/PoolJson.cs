using System.Text.Json.Serialization;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool;

/// <summary>How inputs, facts, events and states are written in journals: one fixed form.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StateDocument))]
[JsonSerializable(typeof(PoolFacts))]
[JsonSerializable(typeof(PoolSettings))]
[JsonSerializable(typeof(JobRates))]
[JsonSerializable(typeof(JobUsage))]
[JsonSerializable(typeof(IReadOnlyList<PoolEvent>))]
internal sealed partial class PoolJson : JsonSerializerContext;
