using System.Security.Cryptography;
using System.Text;
using SwarmPool.Identity;
using SwarmPool.Verification;

namespace SwarmPool.Testing.Verification;

/// <summary>
/// The contract of <see cref="IProofVerifier"/> as tests: accepts what is honest, refuses what is not and says why, judges the same
/// evidence the same way in any number of hands, whoever gave it, in bounded time, and takes any bytes as an output; and compares outputs
/// in the same way, from either side.
/// </summary>
/// <remarks>Inherit it in a public class and override <see cref="Make"/>, and the evidence where the verifier knows its outputs' form.</remarks>
public abstract partial class VerifierSuite
{
    /// <summary>The most that one judgement may take, as a daemon would allow; default 30 seconds.</summary>
    protected virtual TimeSpan TimeLimit => TimeSpan.FromSeconds(30);

    /// <summary>Evidence of an honest answer. Accepted, or answered with the wish for another replica.</summary>
    protected virtual ProofEvidence Honest => Evidence.Of("""{"label":"7"}"""u8.ToArray());

    /// <summary>Evidence that has to be refused; default: an empty output.</summary>
    protected virtual IReadOnlyList<ProofEvidence> Dishonest => [Evidence.Of(default)];

    /// <summary>Makes the verifier.</summary>
    protected abstract IProofVerifier Make();

    [Fact]
    public void The_name_can_be_recorded_and_stays()
    {
        var (one, two) = (Make(), Make());
        Assert.InRange(one.Name.Length, 1, 64);
        Assert.All(one.Name, c => Assert.InRange(c, ' ', '~'));
        Assert.Equal(one.Name, two.Name);
        Assert.Equal(one.MayAskForReplicas, two.MayAskForReplicas);
    }

    [Fact]
    public async Task An_honest_answer_is_not_refused() =>
        Assert.NotEqual(ProofJudgementKind.Refused, (await HandleAsync(Make(), Honest)).Kind);

    [Fact]
    public async Task A_dishonest_answer_is_never_accepted_and_the_reason_is_said()
    {
        foreach (var evidence in Dishonest)
        {
            var judgement = await HandleAsync(Make(), evidence);
            Assert.NotEqual(ProofJudgementKind.Accepted, judgement.Kind);
            Assert.False(string.IsNullOrWhiteSpace(judgement.Reason), "A refusal says why.");
        }
    }

    [Fact]
    public async Task The_same_evidence_is_judged_the_same_by_many_at_once()
    {
        var verifier = Make();
        foreach (var evidence in Dishonest.Append(Honest))
        {
            var alone = await HandleAsync(Make(), evidence);
            var together = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => HandleAsync(verifier, evidence)));
            Assert.All(together, judgement => Assert.Equal(alone, judgement));
        }
    }

    /// <summary>The output is a stranger's: whatever it is, it is judged, in time, and nothing is thrown.</summary>
    [Theory]
    [InlineData("random")]
    [InlineData("zero")]
    [InlineData("deep")]
    [InlineData("not utf-8")]
    [InlineData("one byte")]
    public async Task Any_output_is_judged(string kind)
    {
        var output = kind switch
        {
            "random" => RandomNumberGenerator.GetBytes(4_000_000),
            "zero" => new byte[4_000_000],
            "deep" => Encoding.UTF8.GetBytes(new string('[', 100_000)),
            "not utf-8" => [(byte)'"', 0xC3, 0x28, (byte)'"'],
            _ => new byte[] { 0x7B },
        };
        var judgement = await HandleAsync(Make(), Evidence.Of(output, Honest.Job.JobType, Honest.Job.Model));
        Assert.True(Enum.IsDefined(judgement.Kind), $"{judgement.Kind} is no judgement.");
    }

    [Fact]
    public async Task A_cancelled_judgement_ends_and_leaves_the_verifier_usable()
    {
        var verifier = Make();
        var ended = await Record.ExceptionAsync(() => verifier.VerifyAsync(Honest, new CancellationToken(canceled: true)).AsTask().WaitAsync(TimeLimit));
        Assert.True(ended is null or OperationCanceledException, $"A cancelled judgement ended with {ended}.");
        Assert.NotEqual(ProofJudgementKind.Refused, (await HandleAsync(verifier, Honest)).Kind);
    }

    /// <summary>Whose proof it is, and how long it took, is no part of whether it is honest.</summary>
    [Fact]
    public async Task The_same_answer_is_judged_the_same_whoever_gave_it()
    {
        var verifier = Make();
        foreach (var evidence in Dishonest.Append(Honest))
        {
            var own = await HandleAsync(verifier, evidence);
            foreach (var name in new[] { "miner.bob.eth", "carol.eth", "a.b.c.d.e.eth" })
            {
                var proof = evidence.Proof with { Miner = EnsName.Parse(name), Metrics = evidence.Proof.Metrics with { InferenceSeconds = "86400", Confidence = null } };
                Assert.Equal(own.Kind, (await HandleAsync(verifier, evidence with { Proof = proof })).Kind);
            }
        }
    }

    private async Task<ProofJudgement> HandleAsync(IProofVerifier verifier, ProofEvidence evidence)
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        var judgement = await verifier.VerifyAsync(evidence, limit.Token).AsTask().WaitAsync(TimeLimit, CancellationToken.None);
        Assert.True(judgement.Kind != ProofJudgementKind.NeedReplica || verifier.MayAskForReplicas, "It asks for another replica, and does not declare that it may: MayAskForReplicas.");
        return judgement;
    }
}
