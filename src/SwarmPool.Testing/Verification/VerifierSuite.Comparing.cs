using System.Security.Cryptography;
using System.Text;
using SwarmPool.Verification;

namespace SwarmPool.Testing.Verification;

/// <content>Whether two outputs agree.</content>
public abstract partial class VerifierSuite
{
    /// <summary>Outputs that can't be honest beside <see cref="Honest"/>'s; default: another label, and half of the honest one.</summary>
    protected virtual IReadOnlyList<ReadOnlyMemory<byte>> Others => ["""{"label":"1"}"""u8.ToArray(), Honest.Output[..(Honest.Output.Length / 2)]];

    /// <summary>Outputs that are as honest as <see cref="Honest"/>'s, besides it itself; default: none.</summary>
    protected virtual IReadOnlyList<ReadOnlyMemory<byte>> Alike => [];

    [Fact]
    public async Task An_output_agrees_with_itself()
    {
        foreach (var output in Others.Concat(Alike).Append(Honest.Output))
        {
            Assert.Equal(OutputAgreement.Agree, (await HandleAsync(Make(), output, output.ToArray())).Kind);
        }
    }

    [Fact]
    public async Task Outputs_that_are_as_honest_agree()
    {
        foreach (var output in Alike)
        {
            var said = await HandleAsync(Make(), Honest.Output, output);
            Assert.True(said.Kind == OutputAgreement.Agree, said.Reason);
        }
    }

    [Fact]
    public async Task An_answer_that_is_another_does_not_agree_and_the_reason_is_said()
    {
        foreach (var output in Others)
        {
            var said = await HandleAsync(Make(), Honest.Output, output);
            Assert.NotEqual(OutputAgreement.Agree, said.Kind);
            Assert.False(string.IsNullOrWhiteSpace(said.Reason), "What doesn't agree says why.");
        }
    }

    /// <summary>Who is asked first must not decide who is right.</summary>
    [Fact]
    public async Task Two_outputs_stand_to_each_other_as_each_to_the_other()
    {
        ReadOnlyMemory<byte>[] all = [Honest.Output, .. Others, .. Alike, default, "{}"u8.ToArray(), new byte[64]];
        foreach (var one in all)
        {
            foreach (var other in all)
            {
                Assert.Equal((await HandleAsync(Make(), one, other)).Kind, (await HandleAsync(Make(), other, one)).Kind);
            }
        }
    }

    [Fact]
    public async Task The_same_outputs_compare_the_same_by_many_at_once()
    {
        var verifier = Make();
        foreach (var output in Others.Concat(Alike).Append(Honest.Output))
        {
            var alone = await HandleAsync(Make(), Honest.Output, output);
            var together = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => HandleAsync(verifier, Honest.Output, output)));
            Assert.All(together, said => Assert.Equal(alone, said));
        }
    }

    /// <summary>Outputs are strangers' bytes: whatever they are, they are compared, in time, and nothing is thrown.</summary>
    [Theory]
    [InlineData("random")]
    [InlineData("zero")]
    [InlineData("deep")]
    [InlineData("not utf-8")]
    [InlineData("empty")]
    public async Task Any_outputs_are_compared(string kind)
    {
        ReadOnlyMemory<byte> output = kind switch
        {
            "random" => RandomNumberGenerator.GetBytes(1_000_000),
            "zero" => new byte[1_000_000],
            "deep" => Encoding.UTF8.GetBytes(new string('[', 100_000)),
            "not utf-8" => new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' },
            _ => default,
        };
        var changed = output.ToArray();
        if (changed.Length > 0)
        {
            changed[^1] ^= 1;
        }

        foreach (var other in new[] { Honest.Output, changed })
        {
            var said = await HandleAsync(Make(), output, other);
            Assert.True(Enum.IsDefined(said.Kind), $"{said.Kind} is no answer.");
        }
    }

    [Fact]
    public async Task A_cancelled_comparison_ends_and_leaves_the_verifier_usable()
    {
        var verifier = Make();
        var pair = Pair(Honest.Output, Honest.Output);
        var ended = await Record.ExceptionAsync(() => verifier.CompareAsync(pair, new CancellationToken(canceled: true)).AsTask().WaitAsync(TimeLimit));
        Assert.True(ended is null or OperationCanceledException, $"A cancelled comparison ended with {ended}.");
        Assert.Equal(OutputAgreement.Agree, (await HandleAsync(verifier, Honest.Output, Honest.Output)).Kind);
    }

    private async Task<OutputComparison> HandleAsync(IProofVerifier verifier, ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other)
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        return await verifier.CompareAsync(Pair(one, other), limit.Token).AsTask().WaitAsync(TimeLimit, CancellationToken.None);
    }

    private OutputPair Pair(ReadOnlyMemory<byte> one, ReadOnlyMemory<byte> other)
    {
        var honest = Honest;
        var metrics = honest.Proof.Metrics;
        var of = new SwarmPool.Inference.NumericClass(metrics.ModelSha256, metrics.Runtime, metrics.Device, metrics.Precision);
        return new OutputPair(honest.JobCid, honest.Job, new ComparedOutput(of, one), new ComparedOutput(of, other)) { Manifest = honest.Manifest, Input = honest.Input };
    }
}
