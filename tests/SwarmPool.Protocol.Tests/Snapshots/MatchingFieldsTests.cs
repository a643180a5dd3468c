using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Tests.Snapshots;

/// <summary>What jobs ask for and miners offer, on the wire: optional, bounded, and nothing that a reader does not know.</summary>
public sealed class MatchingFieldsTests
{
    // As they were before jobs asked and miners offered.
    private const string OldJob = """{"client":"clinic.bob.eth","deadline":1700003600,"input_cid":"bafkreicp3w3oskudgnueo6jtkad63kkcnxoy5kcjzzflpsbuaalntwoyti","job_type":"image-classification","model":"digits-v1","network":"local","nonce":"5e8c9902207afaeb7120430c585a445f","payment":{"amount":"0.1","currency":"USDC"},"pool":"swarmpool.eth","replicas":1,"sig":"0x9e6d1bfabbb25dc06ac3ef2f37d88d25a58c20421972c0b8907cd5a7b3ae71df2106cab1d0bd2dc863949c20f5df25465cab7396fe9250e69d19e5fd1d4cf5521b","time_limit_seconds":300,"timestamp":1700000000,"type":"job","version":"1.0.0"}""";
    private const string OldRegistration = """{"gpus":["NVIDIA H100 80GB HBM3"],"miner":"miner.alice.eth","mode":"PPS","models":["digits-v1","org/model:7B"],"network":"local","nonce":"29c9c30e0604515ced98b3d14fd88751","pool":"swarmpool.eth","sig":"0x432151b8246fcf8f7eaca7ff2780a8eb2adf391890a481648b8150f9e31c41916776ee1d2a00c00e79403320c4628173be01faee0497533c606f10294694f9151b","timestamp":1700000000,"type":"registration","version":"1.0.0"}""";

    [Theory]
    [InlineData(OldJob, "bafkreieznwxtqk65xcypr72bti7wsoajznlfmq2lt4k4sa2yejt3glwj2m")]
    [InlineData(OldRegistration, "bafkreiagreh2ltnutprcjh6hosyw3g6tzkzaondoc6qwulzqhfrcago3ki")]
    public async Task What_says_nothing_of_it_has_the_bytes_that_it_always_had(string old, string cid)
    {
        Assert.True(SnapshotCodec.TryDecode(Encoding.UTF8.GetBytes(old), out var read, out var refusal), refusal?.ToString());
        Assert.Equal(cid, read.Cid.ToString());
        Assert.Equal(old, Encoding.UTF8.GetString((await ExampleSnapshots.SignedAsync(read.Body)).Bytes.Span));
    }

    [Theory]
    [InlineData("{}", "$.needs asks for nothing")]
    [InlineData("""{"memory_bytes":0}""", "$.needs.memory_bytes needs to be at least 1")]
    [InlineData("""{"memory_bytes":"24"}""", "$.needs.memory_bytes: expected an integer")]
    [InlineData("""{"context_tokens":0}""", "$.needs.context_tokens needs to be 1 to 2147483647")]
    [InlineData("""{"output_tokens":2147483648}""", "$.needs.output_tokens")]
    [InlineData("""{"device":""}""", "$.needs.device needs 1 to 128 characters")]
    [InlineData("""{"precision":"a\u0007"}""", "$.needs.precision needs 1 to 128 characters")]
    [InlineData("""{"runtime":7}""", "$.needs.runtime: expected a string")]
    [InlineData("""{"device":"cuda","vram":1}""", "$.needs")]
    [InlineData("[]", "$.needs: expected an object")]
    public void A_need_has_its_form_and_one_that_is_not_known_is_refused(string needs, string said) => Refused(ExampleSnapshots.Job, "needs", needs, said);

    [Theory]
    [InlineData("[]", "$.offers needs 1 to 256 entries")]
    [InlineData("""[{"model":"another"}]""", "$.offers[0].model needs to be one of $.models")]
    [InlineData("""[{"model":"digits-v1"},{"model":"digits-v1"}]""", "$.offers[1].model needs to be one of $.models")]
    [InlineData("""[{"warm":true}]""", "$.offers[0].model is missing")]
    [InlineData("""[{"model":"digits-v1","memory_bytes":0}]""", "$.offers[0].memory_bytes")]
    [InlineData("""[{"model":"digits-v1","context_tokens":-1}]""", "$.offers[0].context_tokens")]
    [InlineData("""[{"job_milliseconds":604800001,"model":"digits-v1"}]""", "$.offers[0].job_milliseconds needs to be 1 to 604800000")]
    [InlineData("""[{"millitokens_per_second":0,"model":"digits-v1"}]""", "$.offers[0].millitokens_per_second")]
    [InlineData("""[{"min_price":"-1","model":"digits-v1"}]""", "$.offers[0].min_price")]
    [InlineData("""[{"min_price":1,"model":"digits-v1"}]""", "$.offers[0].min_price")]
    [InlineData("""[{"device":"","model":"digits-v1"}]""", "$.offers[0].device")]
    [InlineData("""[{"model":"digits-v1","warm":"yes"}]""", "$.offers[0].warm")]
    public void An_offer_is_of_a_model_that_is_registered_and_has_its_form(string offers, string said) => Refused(ExampleSnapshots.Registration, "offers", offers, said);

    [Theory]
    [InlineData("match", """{"have":-1}""")]
    [InlineData("match", """{"have":1,"memory":2}""")]
    [InlineData("match", """{"ask_more":2,"have":1}""")]
    [InlineData("queue", """{"place":0}""")]
    [InlineData("queue", """{"place":1,"wait_seconds":-1}""")]
    [InlineData("needs", "{}")]
    public void What_the_pool_says_of_it_has_its_form(string field, string value)
    {
        var json = JsonNode.Parse(SnapshotCodec.Canonical(ExampleSnapshots.Of(SnapshotTypes.JobsNew)))!.AsObject();
        json["sig"] = "0x" + new string('1', 130);
        json["items"]![0]![field] = JsonNode.Parse(value);
        Assert.False(SnapshotCodec.TryDecode(Canonical(json), out _, out var refusal));
        Assert.Equal(ErrorCodes.BadField, refusal.Code);
        Assert.Contains($"$.items[0].{field}", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_are_told_in_words()
    {
        var needs = new JobNeeds { MemoryBytes = 24L << 30, ContextTokens = 8192, Device = "cuda", Precision = "fp16" };
        Assert.Equal(
            "3 have the model, 0 have 24 GiB, 1 has a context of 8192 tokens, 2 have the device cuda, the precision fp16, 2 ask more than 0.02",
            NeedsText.Of(new JobMatch(3) { Memory = 0, Context = 1, Class = 2, AskMore = 2 }, needs, Usdc.Parse("0.02")));
        Assert.Equal("1 has the model, 1 asks more than 1", NeedsText.Of(new JobMatch(1) { AskMore = 1 }, null, Usdc.Parse("1")));
        Assert.Equal("24 GiB of memory, a context of 8192 tokens, the device cuda, the precision fp16", NeedsText.Of(needs));
        Assert.Equal("nothing of that", NeedsText.Of((ModelOffer?)null));
        Assert.Equal(["24 GiB", "16 GB", "512 MiB", "1000001 bytes"], new[] { 24L << 30, 16_000_000_000, 512L << 20, 1_000_001 }.Select(NeedsText.Bytes));
    }

    private static void Refused(Snapshot example, string field, string value, string said)
    {
        var json = JsonNode.Parse(SnapshotCodec.Canonical(example))!.AsObject();
        json["sig"] = "0x" + new string('1', 130);
        json[field] = JsonNode.Parse(value);
        Assert.False(SnapshotCodec.TryDecode(Canonical(json), out _, out var refusal));
        Assert.Equal(ErrorCodes.BadField, refusal.Code);
        Assert.Contains(said, refusal.Reason, StringComparison.Ordinal);
    }

    private static byte[] Canonical(JsonObject json)
    {
        Assert.True(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json.ToJsonString()), out var canonical, out var refusal), refusal?.ToString());
        return canonical;
    }
}
