using SwarmPool.Testing.Verification;
using SwarmPool.Verification;
using static SwarmPool.Testing.Tests.Verification.WrongVerifiers;

namespace SwarmPool.Testing.Tests.Verification;

/// <summary>The suite catches each wrong verifier, by the test that is about what is wrong with it.</summary>
public sealed class VerifierMutationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(typeof(NamesItselfAnew), nameof(VerifierSuite.The_name_can_be_recorded_and_stays))]
    [InlineData(typeof(HasNoName), nameof(VerifierSuite.The_name_can_be_recorded_and_stays))]
    [InlineData(typeof(TakesTheEmpty), nameof(VerifierSuite.A_dishonest_answer_is_never_accepted_and_the_reason_is_said))]
    [InlineData(typeof(RefusesWithoutAWord), nameof(VerifierSuite.A_dishonest_answer_is_never_accepted_and_the_reason_is_said))]
    [InlineData(typeof(RefusesTheHonest), nameof(VerifierSuite.An_honest_answer_is_not_refused))]
    [InlineData(typeof(AsksWithoutHavingSaid), nameof(VerifierSuite.An_honest_answer_is_not_refused))]
    [InlineData(typeof(JudgesByTurns), nameof(VerifierSuite.The_same_evidence_is_judged_the_same_by_many_at_once))]
    [InlineData(typeof(MeasuresByTurns), nameof(VerifierSuite.The_same_evidence_is_judged_the_same_by_many_at_once))]
    [InlineData(typeof(ThrowsOnWhatItDoesNotKnow), nameof(VerifierSuite.Any_output_is_judged))]
    [InlineData(typeof(NeverEndsWithMuch), nameof(VerifierSuite.Any_output_is_judged))]
    [InlineData(typeof(BreaksWhenCancelled), nameof(VerifierSuite.A_cancelled_judgement_ends_and_leaves_the_verifier_usable))]
    [InlineData(typeof(FavoursAMiner), nameof(VerifierSuite.The_same_answer_is_judged_the_same_whoever_gave_it))]
    [InlineData(typeof(DoesWithoutItsEvidence), nameof(VerifierSuite.Without_its_evidence_an_answer_is_not_accepted))]
    [InlineData(typeof(TakesEmptyEvidence), nameof(VerifierSuite.Without_its_evidence_an_answer_is_not_accepted))]
    [InlineData(typeof(NeedsMoreEachTime), nameof(VerifierSuite.What_it_needs_is_fixed_by_the_job))]
    [InlineData(typeof(NeedsWhatThereIsNot), nameof(VerifierSuite.What_it_needs_is_fixed_by_the_job))]
    [InlineData(typeof(DisagreesWithItself), nameof(VerifierSuite.An_output_agrees_with_itself))]
    [InlineData(typeof(AgreesWithAll), nameof(VerifierSuite.An_answer_that_is_another_does_not_agree_and_the_reason_is_said))]
    [InlineData(typeof(DiffersWithoutAWord), nameof(VerifierSuite.An_answer_that_is_another_does_not_agree_and_the_reason_is_said))]
    [InlineData(typeof(LooksAtTheFirstAlone), nameof(VerifierSuite.Two_outputs_stand_to_each_other_as_each_to_the_other))]
    [InlineData(typeof(MissesWhatIsAlike), nameof(VerifierSuite.Outputs_that_are_as_honest_agree))]
    [InlineData(typeof(ComparesByTurns), nameof(VerifierSuite.The_same_outputs_compare_the_same_by_many_at_once))]
    [InlineData(typeof(ThrowsWhenItCompares), nameof(VerifierSuite.Any_outputs_are_compared))]
    [InlineData(typeof(ComparesNoMoreOnceCancelled), nameof(VerifierSuite.A_cancelled_comparison_ends_and_leaves_the_verifier_usable))]
    public async Task A_wrong_verifier_is_caught(Type verifier, string by)
    {
        var failures = await SuiteRun.FailuresAsync(() => new Suite(() => (IProofVerifier)Activator.CreateInstance(verifier)!), by);
        output.WriteLine($"{verifier.Name} is caught by {string.Join(", ", failures.Keys)}: {failures.GetValueOrDefault(by)}");
        Assert.Contains(by, failures.Keys);
    }

    [Fact]
    public async Task A_right_one_is_not() => Assert.Empty(await SuiteRun.FailuresAsync(static () => new Suite(static () => new RightVerifier())));

    /// <summary>What was written before verifiers compared anything has no body for it, and keeps to the contract as it is.</summary>
    [Fact]
    public async Task One_of_before_is_not_either() => Assert.Empty(await SuiteRun.FailuresAsync(static () => new OldSuite()));

    private sealed class Suite(Func<IProofVerifier> make) : VerifierSuite
    {
        protected override TimeSpan TimeLimit => TimeSpan.FromSeconds(3);

        protected override ProofEvidence Honest => RightVerifier.Honest;

        protected override IReadOnlyList<ProofEvidence> Dishonest => [RightVerifier.Honest with { Output = default }, RightVerifier.Honest with { Evidence = "label 8"u8.ToArray() }];

        protected override IReadOnlyList<ReadOnlyMemory<byte>> Alike => ["""{"label":"7","sure":true}"""u8.ToArray(), """{ "label": "7" }"""u8.ToArray()];

        protected override IProofVerifier Make() => make();
    }

    private sealed class OldSuite : VerifierSuite
    {
        protected override IProofVerifier Make() => new OldVerifier();
    }

    private sealed class OldVerifier : IProofVerifier
    {
        public string Name => "old";

        public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(
            evidence.Output.IsEmpty ? new ProofJudgement(ProofJudgementKind.Refused, "the output is empty") : new ProofJudgement(ProofJudgementKind.Accepted, ""));
    }
}
