using System.Text.Json;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Records;

/// <summary>
/// Reads the events of a record, member by member in the order in which <see cref="PoolJson"/> writes them: a record has one
/// form, so nothing has to be looked for. A restart does this a million times over.
/// </summary>
internal static class EventReader
{
    /// <param name="reader">At the beginning of the events; afterwards at their end.</param>
    /// <param name="texts">Keeps texts that come again.</param>
    /// <exception cref="JsonException">Some event is not known, or has not its form.</exception>
    /// <exception cref="FormatException">A name or an amount is not valid.</exception>
    public static IReadOnlyList<PoolEvent> ReadAll(ref Utf8JsonReader reader, StringInterner texts)
    {
        Expect(reader.TokenType == JsonTokenType.StartArray, "events");
        var events = new List<PoolEvent>(2);
        while (Next(ref reader) == JsonTokenType.StartObject)
        {
            events.Add(Read(ref reader, texts));
            Expect(Next(ref reader) == JsonTokenType.EndObject, "event");
        }

        Expect(reader.TokenType == JsonTokenType.EndArray, "events");
        return events;
    }

    private static PoolEvent Read(ref Utf8JsonReader r, StringInterner t) => Text(ref r, "event"u8, t) switch
    {
        "pool_started" => new PoolStarted(Number(ref r, "term"u8), Settings(ref r)),
        "pool_resumed" => new PoolResumed(),
        "job_accepted" => new JobAccepted(
            Cid(ref r, "cid"u8), Name(ref r, "client"u8, t), Text(ref r, "job_type"u8, t), Text(ref r, "model"u8, t), Price(ref r),
            Number(ref r, "deadline_ms"u8), Number(ref r, "attempt_ms"u8), Count(ref r, "replicas"u8), Count(ref r, "miners"u8),
            Has(r, "delegation"u8) ? Text(ref r, "delegation"u8, t) : null, Optional(ref r, "input_bytes"u8), Optional(ref r, "reserved_until"u8),
            Has(r, "pack_cid"u8) ? Cid(ref r, "pack_cid"u8) : null, MaybeText(ref r, "check"u8, t), Rates(ref r)),
        "job_cancelled" => new JobCancelled(Cid(ref r, "cid"u8)),
        "job_claimed" => new JobClaimed(
            Cid(ref r, "cid"u8), Count(ref r, "attempt"u8), Name(ref r, "miner"u8, t), Mode(ref r, t), Number(ref r, "fence"u8),
            Number(ref r, "lease_until"u8), Number(ref r, "limit_until"u8)),
        "lease_renewed" => new LeaseRenewed(Cid(ref r, "cid"u8), Number(ref r, "fence"u8), Number(ref r, "lease_until"u8)),
        "lease_ended" => new LeaseEnded(
            Cid(ref r, "cid"u8), Count(ref r, "attempt"u8), Number(ref r, "fence"u8), Name(ref r, "miner"u8, t), Text(ref r, "reason"u8, t),
            Number(ref r, "cool_down_until"u8), Has(r, "counts"u8) ? Flag(ref r, "counts"u8) : null,
            Has(r, "detail"u8) ? Text(ref r, "detail"u8, t) : null),
        "job_requeued" => new JobRequeued(
            Cid(ref r, "cid"u8), Count(ref r, "attempt"u8), Count(ref r, "miners"u8), Optional(ref r, "reserved_until"u8)),
        "job_failed" => new JobFailed(Cid(ref r, "cid"u8), Text(ref r, "reason"u8, t)),
        "job_blamed" => new JobBlamed(
            Cid(ref r, "cid"u8), Name(ref r, "client"u8, t), Names(ref r, "miners"u8, t), Number(ref r, "client_pause_until"u8)),
        "job_forgotten" => new JobForgotten(Cid(ref r, "cid"u8)),
        "proof_accepted" => new ProofAccepted(
            Cid(ref r, "cid"u8), Count(ref r, "attempt"u8), Number(ref r, "fence"u8), Name(ref r, "miner"u8, t), Address(ref r, "payee"u8),
            Cid(ref r, "proof_cid"u8), Cid(ref r, "output_cid"u8), Text(ref r, "verifier"u8, t), MaybeText(ref r, "class"u8, t), Usage(ref r)),
        "replica_added" => new ReplicaAdded(Cid(ref r, "cid"u8)),
        "proof_disputed" => new ProofDisputed(Cid(ref r, "cid"u8), Name(ref r, "miner"u8, t), Number(ref r, "cool_down_until"u8)),
        "job_decided" => new JobDecided(
            Cid(ref r, "cid"u8), Parts(ref r, t), MaybeText(ref r, "model"u8, t), Has(r, "client"u8) ? Name(ref r, "client"u8, t) : null, MaybeText(ref r, "check"u8, t), Usage(ref r)),
        "miner_registered" => new MinerRegistered(
            Name(ref r, "miner"u8, t), Address(ref r, "payout"u8), Mode(ref r, t), Texts(ref r, "models"u8, t), Texts(ref r, "gpus"u8, t),
            Number(ref r, "timestamp"u8), Cid(ref r, "registration"u8),
            Has(r, "delegation"u8) ? Text(ref r, "delegation"u8, t) : null, Has(r, "in_place_of"u8) ? Name(ref r, "in_place_of"u8, t) : null),
        "delegation_accepted" => new DelegationAccepted(
            Name(ref r, "name"u8, t), Text(ref r, "digest"u8, t), Number(ref r, "expires_ms"u8), Text(ref r, "role"u8, t), Address(ref r, "key"u8),
            Has(r, "cap"u8) ? Price(ref r, "cap"u8) : null),
        "delegation_revoked" => new DelegationRevoked(
            Name(ref r, "name"u8, t), Text(ref r, "digest"u8, t), Number(ref r, "expires_ms"u8), Cid(ref r, "revocation"u8)),
        "epoch_opened" => new EpochOpened(
            Number(ref r, "number"u8), Text(ref r, "opening_state"u8, t), Has(r, "rules"u8) ? Count(ref r, "rules"u8) : null),
        "epoch_closed" => new EpochClosed(
            Number(ref r, "number"u8), Optional(ref r, "releases_from"u8), Optional(ref r, "releases_to"u8), Has(r, "struck"u8) ? Struck(ref r, t) : null),
        "epoch_settled" => new EpochSettled(Number(ref r, "number"u8), Text(ref r, "policy_state"u8, t), Flag(ref r, "policy_replaced"u8)),
        "epoch_sealed" => new EpochSealed(Number(ref r, "number"u8), Cid(ref r, "cid"u8), Number(ref r, "jobs"u8), Price(ref r, "volume"u8)),
        var kind => Check(kind, ref r, t),
    };

    // By itself: the events of rules 3.
    private static PoolEvent Check(string kind, ref Utf8JsonReader r, StringInterner t) => kind switch
    {
        "draw_opened" => new DrawOpened(Number(ref r, "number"u8), Text(ref r, "commitment"u8, t)),
        "proof_committed" => new ProofCommitted(
            Cid(ref r, "cid"u8), Count(ref r, "attempt"u8), Number(ref r, "fence"u8), Name(ref r, "miner"u8, t), Address(ref r, "payee"u8), Text(ref r, "commitment"u8, t),
            Has(r, "drawn"u8) ? Flag(ref r, "drawn"u8) : null, Optional(ref r, "reveal_until"u8), Optional(ref r, "check_until"u8)),
        "reveal_asked" => new RevealAsked(Cid(ref r, "cid"u8), Fences(ref r), Number(ref r, "reveal_until"u8)),
        "check_assigned" => new CheckAssigned(
            Cid(ref r, "cid"u8), Count(ref r, "attempt"u8), Number(ref r, "fence"u8), Name(ref r, "miner"u8, t), Address(ref r, "payee"u8), Text(ref r, "kind"u8, t),
            Number(ref r, "lease_until"u8), Number(ref r, "limit_until"u8), Optional(ref r, "dispute_until"u8)),
        "check_postponed" => new CheckPostponed(Cid(ref r, "cid"u8), Number(ref r, "until"u8), Optional(ref r, "dispute_until"u8)),
        "check_ended" => new CheckEnded(
            Cid(ref r, "cid"u8), Count(ref r, "attempt"u8), Number(ref r, "fence"u8), Name(ref r, "miner"u8, t), Text(ref r, "reason"u8, t), MaybeText(ref r, "detail"u8, t)),
        "check_proved" => new CheckProved(
            Cid(ref r, "cid"u8), Count(ref r, "attempt"u8), Number(ref r, "fence"u8), Name(ref r, "miner"u8, t), Address(ref r, "payee"u8),
            Cid(ref r, "proof_cid"u8), Cid(ref r, "output_cid"u8), Text(ref r, "verifier"u8, t), Text(ref r, "class"u8, t), Usage(ref r)),
        "check_scored" => new CheckScored(
            Cid(ref r, "cid"u8), Number(ref r, "fence"u8), Name(ref r, "miner"u8, t), Cid(ref r, "proof_cid"u8), Count(ref r, "positions"u8), Count(ref r, "exact_wins"u8),
            Number(ref r, "margin_micro"u8), Number(ref r, "top_distance_micro"u8), Text(ref r, "grade"u8, t)),
        "score_judged" => new ScoreJudged(
            Cid(ref r, "cid"u8), Address(ref r, "payee"u8), Text(ref r, "model"u8, t), Flag(ref r, "fails"u8), Number(ref r, "llr_milli_nats"u8)),
        "late_revealed" => new LateRevealed(
            Cid(ref r, "cid"u8), Number(ref r, "fence"u8), Name(ref r, "miner"u8, t), Address(ref r, "payee"u8), Text(ref r, "model"u8, t)),
        "check_decided" => new CheckDecided(
            Cid(ref r, "cid"u8), Number(ref r, "fence"u8), Name(ref r, "checker"u8, t), Address(ref r, "payee"u8), Text(ref r, "verdict"u8, t), Price(ref r, "fee"u8),
            Has(r, "marked"u8) ? Flag(ref r, "marked"u8) : null),
        "work_refused" => new WorkRefused(
            Cid(ref r, "cid"u8), Number(ref r, "fence"u8), Name(ref r, "miner"u8, t), Address(ref r, "payee"u8), Text(ref r, "model"u8, t), Text(ref r, "reason"u8, t)),
        var other => throw new JsonException($"the event '{other}' is not known"),
    };

    private static List<StruckWork> Struck(ref Utf8JsonReader r, StringInterner t)
    {
        Member(ref r, "struck"u8, JsonTokenType.StartArray);
        var struck = new List<StruckWork>(1);
        while (Next(ref r) == JsonTokenType.StartObject)
        {
            struck.Add(new StruckWork(Address(ref r, "payee"u8), Text(ref r, "model"u8, t), Number(ref r, "up_to"u8)));
            Expect(Next(ref r) == JsonTokenType.EndObject, "struck");
        }

        Expect(r.TokenType == JsonTokenType.EndArray, "struck");
        return struck;
    }

    private static List<long> Fences(ref Utf8JsonReader r)
    {
        Member(ref r, "fences"u8, JsonTokenType.StartArray);
        var fences = new List<long>(2);
        while (Next(ref r) == JsonTokenType.Number)
        {
            fences.Add(r.GetInt64());
        }

        Expect(r.TokenType == JsonTokenType.EndArray, "fences");
        return fences;
    }

    private static List<PaidPart> Parts(ref Utf8JsonReader r, StringInterner t)
    {
        Member(ref r, "parts"u8, JsonTokenType.StartArray);
        var parts = new List<PaidPart>(1);
        while (Next(ref r) == JsonTokenType.StartObject)
        {
            parts.Add(new PaidPart(
                Cid(ref r, "proof_cid"u8), Name(ref r, "miner"u8, t), Address(ref r, "payee"u8), Mode(ref r, t), Price(ref r)));
            Expect(Next(ref r) == JsonTokenType.EndObject, "parts");
        }

        Expect(r.TokenType == JsonTokenType.EndArray, "parts");
        return parts;
    }

    private static List<string> Texts(ref Utf8JsonReader r, ReadOnlySpan<byte> name, StringInterner t)
    {
        Member(ref r, name, JsonTokenType.StartArray);
        var texts = new List<string>(1);
        while (Next(ref r) == JsonTokenType.String)
        {
            texts.Add(Value(ref r, t));
        }

        Expect(r.TokenType == JsonTokenType.EndArray, name);
        return texts;
    }

    private static List<EnsName> Names(ref Utf8JsonReader r, ReadOnlySpan<byte> name, StringInterner t)
    {
        Member(ref r, name, JsonTokenType.StartArray);
        var names = new List<EnsName>(3);
        while (Next(ref r) == JsonTokenType.String)
        {
            names.Add(t.Name(r.ValueSpan));
        }

        Expect(r.TokenType == JsonTokenType.EndArray, name);
        return names;
    }

    private static JobRates? Rates(ref Utf8JsonReader r)
    {
        if (!Has(r, "rates"u8))
        {
            return null;
        }

        Member(ref r, "rates"u8, JsonTokenType.StartObject);
        return JsonSerializer.Deserialize(ref r, PoolJson.Default.JobRates);
    }

    private static JobUsage? Usage(ref Utf8JsonReader r)
    {
        if (!Has(r, "usage"u8))
        {
            return null;
        }

        Member(ref r, "usage"u8, JsonTokenType.StartObject);
        return JsonSerializer.Deserialize(ref r, PoolJson.Default.JobUsage);
    }

    private static PoolSettings Settings(ref Utf8JsonReader r)
    {
        Member(ref r, "settings"u8, JsonTokenType.StartObject);
        return JsonSerializer.Deserialize(ref r, PoolJson.Default.PoolSettings)!;
    }

    private static string Text(ref Utf8JsonReader r, ReadOnlySpan<byte> name, StringInterner t)
    {
        Member(ref r, name, JsonTokenType.String);
        return Value(ref r, t);
    }

    private static string? MaybeText(ref Utf8JsonReader r, ReadOnlySpan<byte> name, StringInterner t) => Has(r, name) ? Text(ref r, name, t) : null;

    private static string Value(ref Utf8JsonReader r, StringInterner t) => r.ValueIsEscaped ? r.GetString()! : t.Text(r.ValueSpan);

    private static EnsName Name(ref Utf8JsonReader r, ReadOnlySpan<byte> name, StringInterner t)
    {
        Member(ref r, name, JsonTokenType.String);
        return t.Name(r.ValueSpan);
    }

    private static Cid Cid(ref Utf8JsonReader r, ReadOnlySpan<byte> name)
    {
        Member(ref r, name, JsonTokenType.String);
        return Transport.Cid.Parse(r.GetString()!);
    }

    private static EthAddress Address(ref Utf8JsonReader r, ReadOnlySpan<byte> name)
    {
        Member(ref r, name, JsonTokenType.String);
        return EthAddress.Parse(r.GetString()!);
    }

    private static MiningMode Mode(ref Utf8JsonReader r, StringInterner t) => Text(ref r, "mode"u8, t) switch
    {
        nameof(MiningMode.SOLO) => MiningMode.SOLO,
        nameof(MiningMode.PPS) => MiningMode.PPS,
        var other => throw new JsonException($"the mode '{other}' is not known"),
    };

    private static Usdc Price(ref Utf8JsonReader r) => Price(ref r, "price"u8);

    private static Usdc Price(ref Utf8JsonReader r, ReadOnlySpan<byte> name)
    {
        Member(ref r, name, JsonTokenType.String);
        return Usdc.Parse(r.GetString()!);
    }

    private static long Number(ref Utf8JsonReader r, ReadOnlySpan<byte> name)
    {
        Member(ref r, name, JsonTokenType.Number);
        return r.GetInt64();
    }

    private static long? Optional(ref Utf8JsonReader r, ReadOnlySpan<byte> name) => Has(r, name) ? Number(ref r, name) : null;

    private static int Count(ref Utf8JsonReader r, ReadOnlySpan<byte> name)
    {
        Member(ref r, name, JsonTokenType.Number);
        return r.GetInt32();
    }

    private static bool Flag(ref Utf8JsonReader r, ReadOnlySpan<byte> name)
    {
        Expect(Next(ref r) == JsonTokenType.PropertyName && r.ValueTextEquals(name), name);
        Expect(Next(ref r) is JsonTokenType.True or JsonTokenType.False, name);
        return r.GetBoolean();
    }

    // Whether a member that may be left out comes next; the reader is a copy.
    private static bool Has(Utf8JsonReader ahead, ReadOnlySpan<byte> name) => ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName && ahead.ValueTextEquals(name);

    private static void Member(ref Utf8JsonReader r, ReadOnlySpan<byte> name, JsonTokenType type)
    {
        Expect(Next(ref r) == JsonTokenType.PropertyName && r.ValueTextEquals(name), name);
        Expect(Next(ref r) == type, name);
    }

    private static JsonTokenType Next(ref Utf8JsonReader r)
    {
        Expect(r.Read(), "more");
        return r.TokenType;
    }

    private static void Expect(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new JsonException($"an event has not its form: '{what}' was expected");
        }
    }

    private static void Expect(bool isSo, ReadOnlySpan<byte> what)
    {
        if (!isSo)
        {
            Expect(false, System.Text.Encoding.UTF8.GetString(what));
        }
    }
}
