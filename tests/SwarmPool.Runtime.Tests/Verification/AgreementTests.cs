using CsCheck;
using SwarmPool.Runtime.Verification;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Verification;

/// <summary>Outputs agree as cliques of more than half.</summary>
public sealed class AgreementTests
{
    [Theory]
    [InlineData(1, "", "0")]
    [InlineData(2, "", "0|1")]
    [InlineData(2, "01", "0 1")]
    [InlineData(3, "02", "0 2|1")]
    [InlineData(3, "", "0|1|2")]
    [InlineData(5, "01 02 12 34", "0 1 2|3 4")]
    [InlineData(5, "01 34", "0 1|3 4|2")]
    [InlineData(4, "01 23", "0 1|2 3")]
    public void Groups_are_cliques_the_one_of_more_than_half_first(int count, string pairs, string groups) => Assert.Equal(groups, Text(count, pairs));

    /// <summary>Near to both, which are not near to each other: two cliques of more than half, and nobody of them is wrong.</summary>
    [Fact]
    public void Whoever_is_in_a_clique_of_more_than_half_is_right() => Assert.Equal("0 1 2", Text(3, "01 12"));

    /// <summary>A chain is no clique: of five in a row no three agree with one another.</summary>
    [Fact]
    public void A_chain_is_no_agreement() => Assert.Equal("0 1|2 3|4", Text(5, "01 12 23 34"));

    [Fact]
    public void Each_output_is_in_one_group() => Gen.Select(Gen.Int[0, 8], Gen.UInt).Sample((count, bits) =>
    {
        bool Agree(int one, int other) => (bits >> ((one * 5) + other) & 1) == 1;
        var groups = AgreementGroups.Of(count, Agree);
        Assert.Equal(Enumerable.Range(0, count), groups.SelectMany(static group => group).Order());
        Assert.All(groups.Skip(1), group => Assert.All(group, one => Assert.All(group, other => Assert.True(one >= other || Agree(one, other)))));
    }, iter: 5_000);

    [Fact]
    public async Task A_fact_is_made_of_what_the_verifier_says_and_another_class_stands_aside()
    {
        var job = Testing.Verification.Evidence.Of("x"u8.ToArray());
        var own = ModelClass.Of(job.Proof.Metrics);
        FencedOutput[] outputs =
        [
            new(11, new ComparedOutput(own, "a"u8.ToArray())), new(12, new ComparedOutput(own, "b"u8.ToArray())), new(13, new ComparedOutput(own with { Device = "x" }, "c"u8.ToArray())),
            new(14, new ComparedOutput(own, "a"u8.ToArray())), new(15, new ComparedOutput(own, "a"u8.ToArray())),
        ];
        var fact = await new AgreementFinder(new ExactVerifier()).FindAsync(job.JobCid, job.Job, null, null, outputs, default);
        Assert.Equal("exact", fact.Verifier);
        Assert.Equal([[11, 14, 15], [12], [13]], fact.Groups);
        Assert.Equal([13L], fact.Aside);
    }

    private static string Text(int count, string pairs)
    {
        var agree = pairs.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('|', AgreementGroups.Of(count, (one, other) => agree.Contains($"{one}{other}")).Select(static group => string.Join(' ', group)));
    }
}
