using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Verification;
using SwarmPool.Testing.Verification;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Verification;

/// <summary>The verifiers that ship keep to the slot's contract.</summary>
public sealed class HashVerifierTests : VerifierSuite
{
    protected override IProofVerifier Make() => new HashVerifier();
}

public sealed class ExactVerifierTests : VerifierSuite
{
    protected override IProofVerifier Make() => new ExactVerifier();

    /// <summary>A checker of another build or batch width: "other class", never wrong.</summary>
    [Theory]
    [InlineData("test/1.0", "cpu", "fp32", OutputAgreement.Differ)]
    [InlineData("test/1.0 threads=2", "cpu", "fp32", OutputAgreement.OtherClass)]
    [InlineData("test/1.0", "cuda:x", "fp32", OutputAgreement.OtherClass)]
    [InlineData("test/1.0", "cpu", "fp16", OutputAgreement.OtherClass)]
    public async Task Other_bytes_of_another_class_prove_nothing(string runtime, string device, string precision, OutputAgreement expected)
    {
        var honest = Honest;
        var own = ModelClass.Of(honest.Proof.Metrics);
        var pair = new OutputPair(honest.JobCid, honest.Job, new ComparedOutput(own, "a"u8.ToArray()), new ComparedOutput(own with { Runtime = runtime, Device = device, Precision = precision }, "b"u8.ToArray()));
        Assert.Equal(expected, (await Make().CompareAsync(pair, default)).Kind);
        Assert.Equal(OutputAgreement.Agree, (await Make().CompareAsync(pair with { Other = pair.Other with { Bytes = "a"u8.ToArray() } }, default)).Kind);
    }
}

/// <summary>Without a manifest: byte for byte.</summary>
public sealed class ToleranceWithoutManifestTests : VerifierSuite
{
    protected override IProofVerifier Make() => new ToleranceVerifier();
}

public class ToleranceVerifierTests : VerifierSuite
{
    protected override ProofEvidence Honest => Testing.Verification.Evidence.Of("""{"confidence":"0.9990","label":"7","scores":{"1":"0.0010","7":"0.9990"}}"""u8.ToArray()) with { Manifest = Manifest };

    protected override IReadOnlyList<ProofEvidence> Dishonest => [Honest with { Output = default }, Honest with { Output = "{\"label\":"u8.ToArray() }, Honest with { Output = "{\"x\":1e999}"u8.ToArray() }];

    protected override IReadOnlyList<ReadOnlyMemory<byte>> Alike => ["""{"confidence":"0.9991","label":"7","scores":{"1":"0.0009","7":"0.9991"}}"""u8.ToArray()];

    protected override IProofVerifier Make() => new ToleranceVerifier();

    [Fact]
    public async Task Outputs_beyond_the_tolerance_of_another_class_prove_nothing()
    {
        var own = ModelClass.Of(Honest.Proof.Metrics);
        var pair = new OutputPair(Honest.JobCid, Honest.Job, new ComparedOutput(own, Honest.Output), new ComparedOutput(own with { Device = "cuda:x" }, """{"label":"1"}"""u8.ToArray())) { Manifest = Manifest };
        Assert.Equal(OutputAgreement.OtherClass, (await Make().CompareAsync(pair, default)).Kind);
        var near = await Make().CompareAsync(pair with { Other = pair.Other with { Bytes = Alike[0] } }, default);
        Assert.Equal((OutputAgreement.Agree, "max_abs_micro 100"), (near.Kind, near.Scores?.ToString()));
    }

    private static byte[] Manifest { get; } = ModelPackCodec.Encode(new ModelPack
    {
        Name = "model",
        Files = [new PackFile("model.onnx", Cid.OfBlock("model"u8), 5, new string('a', 64))],
        Tolerance = new PackTolerance("0.001", "0.001"),
    });
}

/// <summary>By the model's manifest, which says what "tolerance" goes by.</summary>
public sealed class ModelVerifierTests : ToleranceVerifierTests
{
    protected override IProofVerifier Make() => new ModelVerifier();
}

public sealed class ModelClassTests
{
    private static ModelPack Pack { get; } = new() { Name = "model", Files = [new PackFile("model.onnx", Cid.OfBlock("model"u8), 5, new string('a', 64))] };

    private static SwarmPool.Inference.NumericClass Class { get; } = new(new string('a', 64), "ort/1", "cpu", "fp32");

    [Fact]
    public void A_proof_states_the_class_that_the_manifest_states()
    {
        Assert.Null(ModelClass.Problem(Class, Pack));
        Assert.Contains("none of the pack's", ModelClass.Problem(Class with { ModelSha256 = new string('b', 64) }, Pack), StringComparison.Ordinal);
        var stating = Pack with { NumericClass = new PackClass(new string('a', 64), "ort/1", null, "fp32") };
        Assert.Null(ModelClass.Problem(Class with { Device = "cuda:x" }, stating));
        Assert.Contains("precision", ModelClass.Problem(Class with { Precision = "q4" }, stating), StringComparison.Ordinal);
        Assert.Contains("runtime", ModelClass.Problem(Class with { Runtime = "ort/2" }, stating), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_of_the_configuration_has_its_verifier()
    {
        Assert.All(BuiltInVerifiers.All, one => Assert.Equal(one.Name, BuiltInVerifiers.Make(one.Name)!.Name));
        Assert.Null(BuiltInVerifiers.Make("none"));
        Assert.StartsWith("pays for any answer", BuiltInVerifiers.Asks("hashes"), StringComparison.Ordinal);
    }
}
