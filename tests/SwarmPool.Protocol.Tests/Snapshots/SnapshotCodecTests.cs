using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Snapshots;

public sealed class SnapshotCodecTests(ITestOutputHelper output)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public void There_is_an_example_of_every_type() =>
        Assert.Equal(
            typeof(SnapshotTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
            ExampleSnapshots.All.Select(static snapshot => snapshot.Type).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(ExampleSnapshots.Types), MemberType = typeof(ExampleSnapshots))]
    public async Task Signs_decodes_and_encodes_every_type_to_the_same_bytes(string type)
    {
        var signed = await ExampleSnapshots.SignedAsync(ExampleSnapshots.Of(type));
        Assert.True(SnapshotCodec.TryDecode(signed.Bytes, out var decoded, out var refusal), refusal?.ToString());
        Assert.Equal(type, decoded.Body.Type);
        Assert.Equal(signed.Cid, decoded.Cid);
        Assert.Equal(Cid.OfBlock(signed.Bytes.Span), decoded.Cid);
        Assert.Equal(Text(signed.Bytes), Encoding.UTF8.GetString(SnapshotCodec.Canonical(decoded.Body)));
        Assert.Equal(SnapshotCodec.SigningText(ExampleSnapshots.Of(type)), SnapshotCodec.SigningText(decoded));
        Assert.True(SnapshotSignature.TryRecover(decoded, SignatureEngines.Managed, out var address, out _));
        using var signer = ExampleSnapshots.Signer();
        Assert.Equal(signer.Address, address);
        Assert.False(JsonNode.Parse(signed.Bytes.Span)!.AsObject().ContainsKey("signer"));
    }

    /// <summary>What was signed before there was a field for it stays what it was: same bytes, same CID.</summary>
    [Theory]
    [InlineData(
        """{"attempt":1,"fence":42,"job_cid":"bafkreigoydosbezvcz5jsa2q3ro34bfxkbku66hhpiitgmx6tvknzb6j5e","miner":"miner.alice.eth","network":"local","nonce":"a4d451ec23463726f72c43d64c710968","pool":"swarmpool.eth","reason":"released","sig":"0xce368546b73c3cdbfd9666837d19d3a85888667b1e7151613477a797974b1ad5304f91efd37dd1e16413038d0cc85bad76b00fd3be8eb5de41af6ef138832cff1c","timestamp":1700000000,"type":"release","version":"1.0.0"}""",
        "bafkreiadbgoryfazapkre5du25s7pfsaxuqi5uf74mnwh3fnrqkjvjwrz4")]
    [InlineData(
        """{"from_sequence":1205,"items":[{"attempt":1,"job_cid":"bafkreigoydosbezvcz5jsa2q3ro34bfxkbku66hhpiitgmx6tvknzb6j5e","miner":"miner.alice.eth","reason":"timeout"}],"journal_head":"cdbeaf8dce2e2c45143599045da2962f9428671861558857b25e1269f5ae3089","network":"local","nonce":"c108d27b7aa0ab77d0ab912ee4fe75f0","pool":"swarmpool.eth","sig":"0x7b2e725d88a6b4e3d2cfd139cd4974750421a19ec38444d573bbca9a913dc2d86e7741410b7dd4ab1b23b0349dc1d0cf57dcd771a988a580f34321c5c304f7901b","timestamp":1700000000,"to_sequence":1205,"type":"claims/timeout","version":"1.0.0"}""",
        "bafkreicwrxgpwqtxpbje64zmxgxqkvigcd7akbbrd5mshgyzwqjh6nncha")]
    [InlineData(
        """{"from_sequence":1203,"items":[{"attempts":3,"cid":"bafkreigoydosbezvcz5jsa2q3ro34bfxkbku66hhpiitgmx6tvknzb6j5e","client":"clinic.bob.eth","reason":"max_attempts"}],"journal_head":"cdbeaf8dce2e2c45143599045da2962f9428671861558857b25e1269f5ae3089","network":"local","nonce":"43ee1a45bc4ef8be984d437c368e54a2","pool":"swarmpool.eth","sig":"0xef592cb7af6ce95068289c40b55f7d06e9c9fb00288267d7deac52bbf6640aad7f22ce2544d603c3967c652ccaa9f2daae02c05c8098e0b78288c15e31b78f6c1c","timestamp":1700000000,"to_sequence":1203,"type":"jobs/failed","version":"1.0.0"}""",
        "bafkreiceaihqqolxedgujtl6gfdmhtglihwx5ln6qk7ie2qyimi4tcfeeq")]
    public void A_message_without_a_reason_in_words_is_what_it_always_was(string bytes, string cid)
    {
        Assert.True(SnapshotCodec.TryDecode(Encoding.UTF8.GetBytes(bytes), out var decoded, out var refusal), refusal?.ToString());
        Assert.Equal(cid, decoded.Cid.ToString());
        Assert.Equal(bytes, Encoding.UTF8.GetString(SnapshotCodec.Canonical(decoded.Body)));
        Assert.True(SnapshotSignature.TryRecover(decoded, SignatureEngines.Managed, out _, out _));
    }

    [Theory]
    [InlineData("no PNG", true)]
    [InlineData("é 好 🦀 (a file)", true)]
    [InlineData("", false)]
    [InlineData("two\nlines", false)]
    [InlineData("two\u2028lines", false)]
    [InlineData("a\u0085b", false)]
    [InlineData("a\u001b[2Jb", false)]
    [InlineData("right to left \u202e", false)]
    [InlineData("isolate \u2066", false)]
    [InlineData("mark \u200f", false)]
    public void A_miners_reason_is_one_line_that_steers_nothing(string detail, bool isGood)
    {
        var release = (ReleaseSnapshot)ExampleSnapshots.Of(SnapshotTypes.Release) with { Detail = detail };
        Assert.Equal(isGood, SnapshotCodec.TryDecode(SnapshotCodec.Canonical(release), out _, out var refusal));
        Assert.Equal(isGood ? null : ErrorCodes.BadField, refusal?.Code);
        Assert.True(isGood || refusal!.Reason.StartsWith("$.detail ", StringComparison.Ordinal), refusal?.Reason);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_miners_reason_has_200_characters_at_most(int length, bool isGood)
    {
        var release = (ReleaseSnapshot)ExampleSnapshots.Of(SnapshotTypes.Release) with { Detail = new string('x', length) };
        Assert.Equal(isGood, SnapshotCodec.TryDecode(SnapshotCodec.Canonical(release), out _, out _));
    }

    [Fact]
    public void Random_jobs_round_trip() => Gen.Select(
            Gen.Byte.Array[16], Gen.Long[0, Usdc.MaxMicro], Gen.Long[0, CanonicalJson.MaxInteger], Gen.Int[1, 5].Nullable(),
            Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-_./"].Array[1, 64], Gen.Byte.Array[0, 8])
        .Sample(
            (nonce, micro, deadline, replicas, type, input) =>
            {
                var job = ExampleSnapshots.Job with
                {
                    Nonce = Convert.ToHexStringLower(nonce),
                    Payment = new JobPayment(Usdc.FromMicro(micro)),
                    Deadline = deadline,
                    Replicas = replicas,
                    JobType = new string(type),
                    InputCid = Cid.OfBlock(input),
                };
                var bytes = SnapshotCodec.Canonical(job);
                Assert.True(SnapshotCodec.TryDecode(bytes, out var decoded, out var refusal), refusal?.ToString());
                Assert.Equal(job, decoded.Body);
                Assert.Equal(bytes, decoded.Bytes.ToArray());
            },
            iter: 300);

    [Theory]
    [InlineData("NaN", "not a decimal number")]
    [InlineData("inf", "not a decimal number")]
    [InlineData("", "empty")]
    [InlineData("-1", "sign")]
    [InlineData("+1", "sign")]
    [InlineData("1e3", "exponent")]
    [InlineData("1.5E-3", "exponent")]
    [InlineData("1.0000001", "more than 6 decimal places")]
    [InlineData("1.", "not a decimal number")]
    [InlineData(".5", "not a decimal number")]
    [InlineData("1,5", "not a decimal number")]
    [InlineData("0x10", "not a decimal number")]
    [InlineData(" 1", "not a decimal number")]
    [InlineData("01", "leading zero")]
    [InlineData("1000000000.000001", "the most an amount may be")]
    [InlineData("99999999999999999999999999999", "the most an amount may be")]
    public void Pitfall_4_no_amount_but_a_plain_decimal_is_accepted(string amount, string fault)
    {
        var refusal = Refused(job => job["payment"]!["amount"] = amount);
        Assert.Equal(ErrorCodes.BadAmount, refusal.Code);
        Assert.Contains(fault, refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_amount_that_is_no_string_is_refused_saying_so()
    {
        Assert.Contains("is not a string", Refused(job => job["payment"]!["amount"] = 1).Reason, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.BadAmount, Refused(job => job["payment"]!["amount"] = 1).Code);
        Assert.Equal(ErrorCodes.BadAmount, Refused(job => job["payment"]!["amount"] = new JsonObject()).Code);
    }

    [Theory]
    [InlineData("client", null, "$.client is missing")]
    [InlineData("pool", null, "$.pool is missing")]
    [InlineData("network", null, "$.network is missing")]
    [InlineData("nonce", null, "$.nonce is missing")]
    [InlineData("timestamp", null, "$.timestamp is missing")]
    [InlineData("deadline", null, "$.deadline is missing")]
    [InlineData("input_cid", null, "$.input_cid is missing")]
    [InlineData("payment", null, "$.payment is missing")]
    [InlineData("payment", "{}", "$.payment.amount is missing")]
    [InlineData("type", null, "$.type is missing")]
    [InlineData("version", null, "$.version is missing")]
    [InlineData("client", "\"Bob.eth\"", "$.client: expected an ENS name")]
    [InlineData("client", "7", "$.client: expected a string, not a number")]
    [InlineData("deadline", "\"1\"", "$.deadline: expected an integer, not a string")]
    [InlineData("deadline", "-1", "$.deadline needs")]
    [InlineData("timestamp", "-1", "$.timestamp needs")]
    [InlineData("input_cid", "\"bafk\"", "$.input_cid: expected a CIDv1")]
    [InlineData("payment", "\"0.1\"", "$.payment: expected an object, not a string")]
    [InlineData("payment", "{\"amount\":\"1\",\"currency\":\"EUR\"}", "$.payment.currency needs to be \"USDC\"")]
    [InlineData("replicas", "0", "$.replicas needs")]
    [InlineData("replicas", "6", "$.replicas needs")]
    [InlineData("replicas", "9999999999", "$.replicas is not of the form or range")]
    [InlineData("time_limit_seconds", "0", "$.time_limit_seconds needs")]
    [InlineData("nonce", "\"0123\"", "$.nonce needs")]
    [InlineData("nonce", "\"0123456789ABCDEF0123456789ABCDEF\"", "$.nonce needs")]
    [InlineData("job_type", "\"\"", "$.job_type needs")]
    [InlineData("job_type", "\"Upper\"", "$.job_type needs")]
    [InlineData("model", "\"a b\"", "$.model needs")]
    [InlineData("network", "\"local\\nsigner: x\"", "$.network needs")]
    [InlineData("network", "\"eip155:\"", "$.network needs")]
    [InlineData("sig", "1", "$.sig: expected a string")]
    public void A_missing_or_wrong_field_is_named_by_its_path(string field, string? value, string reason)
    {
        var refusal = Refused(job => Set(job, field, value));
        Assert.Equal(ErrorCodes.BadField, refusal.Code);
        Assert.StartsWith(reason, refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registration", "mode", "\"solo\"", "$.mode: expected \"SOLO\" or \"PPS\"")]
    [InlineData("registration", "mode", "1", "$.mode: expected")]
    [InlineData("registration", "models", "[]", "$.models needs 1 to 256 entries")]
    [InlineData("registration", "models", "[7]", "$.models[0]: expected a string")]
    [InlineData("registration", "models", "[\"a\",\"\"]", "$.models[1] needs")]
    [InlineData("registration", "gpus", "[\"\\u001b[2J\"]", "$.gpus[0] needs")]
    [InlineData("heartbeat", "status", "\"dead\"", "$.status needs")]
    [InlineData("heartbeat", "progress", "101", "$.progress needs")]
    [InlineData("heartbeat", "stats", "{\"jobs_completed\":1}", "$.stats.earnings is missing")]
    [InlineData("claim", "attempt", "0", "$.attempt needs")]
    [InlineData("release", "reason", "\"bored\"", "$.reason needs")]
    [InlineData("release", "fence", "0", "$.fence needs")]
    [InlineData("proof", "proof_hash", "\"00\"", "$.proof_hash needs")]
    [InlineData("proof", "metrics", "{}", "$.metrics.inference_seconds is missing")]
    [InlineData("epoch", "merkle_root", "\"00\"", "$.merkle_root needs")]
    [InlineData("epoch", "status", "\"open\"", "$.status needs")]
    [InlineData("epoch", "policy_replaced", "\"no\"", "$.policy_replaced: expected true or false")]
    [InlineData("state", "term", "-1", "$.term needs")]
    [InlineData("jobs/new", "items", "[]", "$.items needs 1 to 256 entries")]
    [InlineData("jobs/new", "items", "[{}]", "$.items[0].cid is missing")]
    [InlineData("jobs/failed", "journal_head", "\"zz\"", "$.journal_head needs")]
    [InlineData("jobs/failed", "to_sequence", "1", "$.to_sequence needs")]
    public async Task Other_types_are_checked_alike(string type, string field, string value, string reason)
    {
        var body = (await ExampleSnapshots.SignedAsync(ExampleSnapshots.Of(type))).Bytes;
        var refusal = Refused(snapshot => Set(snapshot, field, value), body);
        Assert.Equal(ErrorCodes.BadField, refusal.Code);
        Assert.StartsWith(reason, refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type", "\"jobb\"", ErrorCodes.UnknownType)]
    [InlineData("type", "7", ErrorCodes.UnknownType)]
    [InlineData("version", "\"2.0.0\"", ErrorCodes.UnknownVersion)]
    [InlineData("version", "\"1\"", ErrorCodes.UnknownVersion)]
    [InlineData("version", "\"1.x.0\"", ErrorCodes.UnknownVersion)]
    public void Unknown_types_and_versions_have_their_own_codes(string field, string value, string code) =>
        Assert.Equal(code, Refused(job => Set(job, field, value)).Code);

    [Fact]
    public void A_later_minor_version_is_read() =>
        Assert.True(SnapshotCodec.TryDecode(SnapshotCodec.Canonical(ExampleSnapshots.Job with { Version = "1.7.12" }), out _, out _));

    [Fact]
    public void Only_the_canonical_bytes_are_read_so_one_snapshot_has_one_cid()
    {
        var bytes = SnapshotCodec.Canonical(ExampleSnapshots.Job);
        foreach (var other in new[] { [.. bytes, (byte)'\n'], JsonSerializer.SerializeToUtf8Bytes(JsonNode.Parse(bytes), Indented) })
        {
            Assert.False(SnapshotCodec.TryDecode(other, out _, out var refusal));
            Assert.Equal(ErrorCodes.NotCanonical, refusal.Code);
        }
    }

    [Fact]
    public void Size_is_judged_before_anything_else()
    {
        Assert.False(SnapshotCodec.TryDecode(new byte[SnapshotCodec.MaxBytes + 1], out _, out var refusal));
        Assert.Equal(ErrorCodes.SnapshotTooLarge, refusal.Code);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"type\"")]
    public void What_is_no_object_is_refused(string json)
    {
        Assert.False(SnapshotCodec.TryDecode(Encoding.ASCII.GetBytes(json), out _, out var refusal));
        Assert.Equal(ErrorCodes.NotJson, refusal.Code);
    }

    [Fact]
    public async Task The_bytes_that_were_read_can_not_be_changed_from_outside()
    {
        var bytes = (await ExampleSnapshots.SignedAsync(ExampleSnapshots.Job)).Bytes.ToArray();
        Assert.True(SnapshotCodec.TryDecode(bytes, out var snapshot, out _));
        Array.Clear(bytes);
        Assert.Equal(snapshot.Cid, Cid.OfBlock(snapshot.Bytes.Span));
    }

    [Fact]
    public async Task Nothing_is_signed_that_a_reader_would_refuse()
    {
        using var signer = ExampleSnapshots.Signer();
        var e = await Assert.ThrowsAsync<SwarmPoolException>(
            async () => await SnapshotCodec.SignAsync(ExampleSnapshots.Job with { InputCid = default }, signer, CancellationToken.None));
        Assert.Equal(ErrorCodes.BadField, e.Code);
        Assert.Contains("$.input_cid", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_not_be_written_says_what_and_why()
    {
        var e = Assert.Throws<SwarmPoolException>(() => SnapshotCodec.Canonical(ExampleSnapshots.Registration with { Mode = (MiningMode)9 }));
        Assert.Equal(ErrorCodes.BadField, e.Code);
        Assert.StartsWith("The registration can't be written: 9 is no mining mode", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<SwarmPoolException>(() => SnapshotCodec.Canonical(ExampleSnapshots.Job with { Deadline = long.MaxValue }));
        Assert.Equal(ErrorCodes.IntegerRange, e.Code);
    }

    // Three changes in four keep to the characters that a snapshot's values are made of, so that a good part of what comes is a snapshot again.
    private static Gen<byte> Hex { get; } = Gen.Char["0123456789abcdef"].Select(c => (byte)c);

    [Fact]
    public void Any_change_of_one_byte_is_refused_or_seen()
    {
        var (tried, accepted) = (0, 0);
        Gen.Select(Gen.Int[0, 400], Gen.OneOf(Gen.Byte, Hex, Hex, Hex)).Sample(
            (at, value) =>
            {
                var bytes = SnapshotCodec.Canonical(ExampleSnapshots.Job);
                at %= bytes.Length;
                var changed = bytes[at] != value;
                bytes[at] = value;
                var good = SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal);
                Assert.Equal(good, refusal is null);
                Assert.True(!good || !changed || snapshot!.Cid != Cid.OfBlock(SnapshotCodec.Canonical(ExampleSnapshots.Job)));
                tried++;
                accepted += good ? 1 : 0;
            },
            iter: 4_000,
            threads: 1);
        output.WriteLine($"{accepted} of {tried} changed jobs are jobs");
        Assert.InRange(accepted, tried * 3 / 10, tried * 9 / 10);
    }

    [Fact]
    public void Pages_round_trip_and_have_limits()
    {
        IReadOnlyList<PayoutItem> items = [ExampleSnapshots.Payout, ExampleSnapshots.Payout with { Amount = Usdc.Zero }];
        var bytes = SnapshotCodec.EncodePage(items);
        Assert.True(SnapshotCodec.TryDecodePage<PayoutItem>(bytes, out var read, out _));
        Assert.Equal(items, read);
        Assert.True(SnapshotCodec.TryDecodePage<PayoutItem>(SnapshotCodec.EncodePage<PayoutItem>([]), out read, out _));
        Assert.Empty(read);

        Assert.False(SnapshotCodec.TryDecodePage<PayoutItem>("{\"items\": []}"u8.ToArray(), out _, out var refusal));
        Assert.Equal(ErrorCodes.NotCanonical, refusal.Code);
        Assert.False(SnapshotCodec.TryDecodePage<PayoutItem>("{\"items\":[{}]}"u8.ToArray(), out _, out refusal));
        Assert.StartsWith("$.items[0].miner is missing", refusal.Reason, StringComparison.Ordinal);
        Assert.False(SnapshotCodec.TryDecodePage<PayoutItem>(new byte[SnapshotCodec.MaxPageBytes + 1], out _, out refusal));
        Assert.Equal(ErrorCodes.SnapshotTooLarge, refusal.Code);
        Assert.Throws<ArgumentException>(() => SnapshotCodec.EncodePage([.. Enumerable.Repeat(ExampleSnapshots.Payout, 3_000)]));
        Assert.Throws<ArgumentException>(() => SnapshotCodec.EncodePage<string>([]));
    }

    [Fact]
    public void A_proof_hash_binds_all_that_it_names()
    {
        var job = Cid.OfBlock("j"u8);
        var result = Cid.OfBlock("o"u8);
        var miner = EnsName.Parse("miner.alice.eth");
        var hash = ProofHash.Compute(job, 1, 42, result, miner);
        var text = $"SwarmPool proof v1\njob: {job}\nattempt: 1\nfence: 42\noutput: {result}\nminer: miner.alice.eth";
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(text))), hash);
        string[] others =
        [
            ProofHash.Compute(result, 1, 42, result, miner), ProofHash.Compute(job, 2, 42, result, miner), ProofHash.Compute(job, 1, 43, result, miner),
            ProofHash.Compute(job, 1, 42, job, miner), ProofHash.Compute(job, 1, 42, result, EnsName.Parse("miner.bob.eth")),
        ];
        Assert.Equal(6, others.Append(hash).Distinct().Count());
    }

    [Fact]
    public void Nonces_are_32_lower_case_hex_digits_random_or_derived()
    {
        Assert.Matches("^[0-9a-f]{32}$", Nonce.FromRandom());
        Assert.NotEqual(Nonce.FromRandom(), Nonce.FromRandom());
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223", Nonce.FromHash("abc"u8));
    }

    private static Refusal Refused(Action<JsonObject> change, ReadOnlyMemory<byte>? of = null)
    {
        var json = JsonNode.Parse((of ?? SnapshotCodec.Canonical(ExampleSnapshots.Job)).Span)!.AsObject();
        change(json);
        Assert.True(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json.ToJsonString()), out var bytes, out _));
        Assert.False(SnapshotCodec.TryDecode(bytes, out _, out var refusal));
        return refusal;
    }

    private static void Set(JsonObject json, string field, string? value)
    {
        if (value is null)
        {
            Assert.True(json.Remove(field));
        }
        else
        {
            json[field] = JsonNode.Parse(value);
        }
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
