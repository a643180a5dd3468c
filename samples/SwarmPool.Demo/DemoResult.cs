using System.Text.Json;
using System.Text.Json.Serialization;

namespace SwarmPool.Demo;

/// <summary>What the demo ends with; <c>--json</c> prints it as one document.</summary>
internal sealed record DemoResult
{
    public required int Jobs { get; init; }

    public required int Answered { get; init; }

    public required int Correct { get; init; }

    public required int Requeued { get; init; }

    /// <summary>The sealed epoch's CID.</summary>
    public required string Epoch { get; init; }

    /// <summary>Differences that a stranger's recomputation found; empty when all is right.</summary>
    public required IReadOnlyList<string> Audit { get; init; }

    public required DemoSettlement Settlement { get; init; }

    [JsonIgnore]
    public bool IsRight => Jobs == Answered && Answered == Correct && Audit.Count == 0;

    public string ToJson() => JsonSerializer.Serialize(this, DemoJson.Default.DemoResult);
}

internal sealed record DemoSettlement(
    string Volume, string Operations, string OperationsName, string OperationsAddress, IReadOnlyList<DemoPayout> Payouts);

internal sealed record DemoPayout(string Miner, string Address, string Amount);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DemoResult))]
internal sealed partial class DemoJson : JsonSerializerContext;
