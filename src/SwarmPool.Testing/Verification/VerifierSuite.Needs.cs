using SwarmPool.Verification;

namespace SwarmPool.Testing.Verification;

/// <content>What a verifier wants to see, and what it does without it.</content>
public abstract partial class VerifierSuite
{
    private const VerificationNeeds Known = VerificationNeeds.Input | VerificationNeeds.Evidence | VerificationNeeds.Manifest;

    [Fact]
    public void What_it_needs_is_fixed_by_the_job()
    {
        var verifier = Make();
        var needs = verifier.NeedsOf(Honest.Job);
        Assert.Equal(VerificationNeeds.None, needs & ~Known);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(needs, verifier.NeedsOf(Honest.Job with { Nonce = new string((char)('0' + i), 32) }));
            Assert.Equal(needs, Make().NeedsOf(Honest.Job));
        }
    }

    /// <summary>A verifier that judges by evidence never takes an answer that shows none, or anything else in its place.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("empty")]
    [InlineData("zero")]
    [InlineData("null")]
    [InlineData("the output")]
    public async Task Without_its_evidence_an_answer_is_not_accepted(string kind)
    {
        var verifier = Make();
        if (!verifier.NeedsOf(Honest.Job).HasFlag(VerificationNeeds.Evidence))
        {
            return; // It judges by the output, which other tests are about.
        }

        ReadOnlyMemory<byte>? evidence = kind switch
        {
            "none" => (ReadOnlyMemory<byte>?)null,
            "empty" => ReadOnlyMemory<byte>.Empty,
            "zero" => new byte[100_000],
            "null" => "null"u8.ToArray(),
            _ => Honest.Output,
        };
        var judgement = await HandleAsync(verifier, Honest with { Evidence = evidence });
        Assert.NotEqual(ProofJudgementKind.Accepted, judgement.Kind);
    }
}
