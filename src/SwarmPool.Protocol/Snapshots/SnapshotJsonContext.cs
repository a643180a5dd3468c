using System.Text.Json;
using System.Text.Json.Serialization;
using SwarmPool.Protocol.Json;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>How the records map to JSON: snake_case names, nulls left out, nothing coerced. Generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(MiningModeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = CanonicalJson.MaxDepth + 1)]
[JsonSerializable(typeof(JobSnapshot))]
[JsonSerializable(typeof(CancelSnapshot))]
[JsonSerializable(typeof(RegistrationSnapshot))]
[JsonSerializable(typeof(HeartbeatSnapshot))]
[JsonSerializable(typeof(ClaimSnapshot))]
[JsonSerializable(typeof(ReleaseSnapshot))]
[JsonSerializable(typeof(ProofSnapshot))]
[JsonSerializable(typeof(CommitmentSnapshot))]
[JsonSerializable(typeof(CheckSnapshot))]
[JsonSerializable(typeof(DelegationSnapshot))]
[JsonSerializable(typeof(RevocationSnapshot))]
[JsonSerializable(typeof(PoolStateSnapshot))]
[JsonSerializable(typeof(EpochSnapshot))]
[JsonSerializable(typeof(JobsNew))]
[JsonSerializable(typeof(JobsRejected))]
[JsonSerializable(typeof(JobsCancelled))]
[JsonSerializable(typeof(JobsFailed))]
[JsonSerializable(typeof(ClaimsAccepted))]
[JsonSerializable(typeof(ClaimsRejected))]
[JsonSerializable(typeof(ClaimsTimeout))]
[JsonSerializable(typeof(ProofsAccepted))]
[JsonSerializable(typeof(ProofsRejected))]
[JsonSerializable(typeof(ProofsCommitted))]
[JsonSerializable(typeof(ChecksNew))]
[JsonSerializable(typeof(ChecksDecided))]
[JsonSerializable(typeof(MinersJoined))]
[JsonSerializable(typeof(MinersRejected))]
[JsonSerializable(typeof(RevocationsAccepted))]
[JsonSerializable(typeof(RevocationsRejected))]
[JsonSerializable(typeof(EpochsOpened))]
[JsonSerializable(typeof(EpochsSealed))]
[JsonSerializable(typeof(SnapshotPage<JobNewItem>))]
[JsonSerializable(typeof(SnapshotPage<ClaimAcceptedItem>))]
[JsonSerializable(typeof(SnapshotPage<MinerStateItem>))]
[JsonSerializable(typeof(SnapshotPage<MinerJoinedItem>))]
[JsonSerializable(typeof(SnapshotPage<EpochProofItem>))]
[JsonSerializable(typeof(SnapshotPage<PayoutItem>))]
[JsonSerializable(typeof(SnapshotPage<RefundItem>))]
[JsonSerializable(typeof(SnapshotPage<EpochCheckItem>))]
[JsonSerializable(typeof(SnapshotPage<TrustItem>))]
[JsonSerializable(typeof(SnapshotPage<Cid>))]
internal sealed partial class SnapshotJsonContext : JsonSerializerContext;

/// <summary>"SOLO" and "PPS", exactly: the framework's own converter reads other cases and numbers too.</summary>
internal sealed class MiningModeConverter : JsonConverter<MiningMode>
{
    public override MiningMode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            if (reader.ValueTextEquals("SOLO"u8))
            {
                return MiningMode.SOLO;
            }

            if (reader.ValueTextEquals("PPS"u8))
            {
                return MiningMode.PPS;
            }
        }

        throw new JsonException("expected \"SOLO\" or \"PPS\"");
    }

    public override void Write(Utf8JsonWriter writer, MiningMode value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value switch
        {
            MiningMode.SOLO => "SOLO"u8,
            MiningMode.PPS => "PPS"u8,
            _ => throw new JsonException($"{(int)value} is no mining mode"),
        });
}
