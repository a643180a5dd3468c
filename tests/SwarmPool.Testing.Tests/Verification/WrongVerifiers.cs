using SwarmPool.Snapshots;
using SwarmPool.Verification;

namespace SwarmPool.Testing.Tests.Verification;

/// <summary>Verifiers that are wrong in one way each.</summary>
internal static class WrongVerifiers
{
    public sealed class NamesItselfAnew : RightVerifier
    {
        public override string Name { get; } = $"wrong {Guid.NewGuid()}";
    }

    public sealed class HasNoName : RightVerifier
    {
        public override string Name => "";
    }

    public sealed class TakesTheEmpty : RightVerifier
    {
        public override ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) =>
            evidence.Output.IsEmpty ? new(new ProofJudgement(ProofJudgementKind.Accepted, "")) : base.VerifyAsync(evidence, cancellationToken);
    }

    public sealed class RefusesTheHonest : RightVerifier
    {
        public override ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(new ProofJudgement(ProofJudgementKind.Refused, "no"));
    }

    public sealed class RefusesWithoutAWord : RightVerifier
    {
        public override async ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) =>
            await base.VerifyAsync(evidence, cancellationToken) with { Reason = "" };
    }

    public sealed class JudgesByTurns : RightVerifier
    {
        private int turn;

        public override ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref turn) % 5 == 0 ? new(new ProofJudgement(ProofJudgementKind.Refused, "it is the fifth")) : base.VerifyAsync(evidence, cancellationToken);
    }

    public sealed class MeasuresByTurns : RightVerifier
    {
        private int turn;

        public override async ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) =>
            await base.VerifyAsync(evidence, cancellationToken) with { Scores = new VerificationScores(new VerificationScore("turn", Interlocked.Increment(ref turn))) };
    }

    public sealed class ThrowsOnWhatItDoesNotKnow : RightVerifier
    {
        public override ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) =>
            Label(evidence.Output) is null && !evidence.Output.IsEmpty ? throw new FormatException("What is this?") : base.VerifyAsync(evidence, cancellationToken);
    }

    public sealed class NeverEndsWithMuch : RightVerifier
    {
        public override async ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken)
        {
            if (evidence.Output.Length > 1_000_000)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
            }

            return await base.VerifyAsync(evidence, cancellationToken);
        }
    }

    public sealed class AsksWithoutHavingSaid : RightVerifier
    {
        public override ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(new ProofJudgement(ProofJudgementKind.NeedReplica, "who knows"));
    }

    public sealed class BreaksWhenCancelled : RightVerifier
    {
        private bool broken;

        public override ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken)
        {
            broken |= cancellationToken.IsCancellationRequested;
            return broken ? new(new ProofJudgement(ProofJudgementKind.Refused, "it was cancelled once")) : base.VerifyAsync(evidence, cancellationToken);
        }
    }

    public sealed class FavoursAMiner : RightVerifier
    {
        public override ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) =>
            evidence.Proof.Miner.Text == "miner.bob.eth" ? new(new ProofJudgement(ProofJudgementKind.Accepted, "a friend")) : base.VerifyAsync(evidence, cancellationToken);
    }

    public sealed class DoesWithoutItsEvidence : RightVerifier
    {
        public override ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) =>
            evidence.Evidence is null ? new(new ProofJudgement(ProofJudgementKind.Accepted, "nothing speaks against it")) : base.VerifyAsync(evidence, cancellationToken);
    }

    public sealed class TakesEmptyEvidence : RightVerifier
    {
        public override ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) =>
            evidence.Evidence is { IsEmpty: true } ? new(new ProofJudgement(ProofJudgementKind.Accepted, "it has said all")) : base.VerifyAsync(evidence, cancellationToken);
    }

    public sealed class NeedsMoreEachTime : RightVerifier
    {
        private int asked;

        public override VerificationNeeds NeedsOf(JobSnapshot job) => asked++ == 0 ? VerificationNeeds.None : VerificationNeeds.Input;
    }

    public sealed class NeedsWhatThereIsNot : RightVerifier
    {
        public override VerificationNeeds NeedsOf(JobSnapshot job) => (VerificationNeeds)1024;
    }

    public sealed class DisagreesWithItself : RightVerifier
    {
        public override ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) => new(new OutputComparison(OutputAgreement.Differ, "nothing is like anything"));
    }

    public sealed class AgreesWithAll : RightVerifier
    {
        public override ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) => new(new OutputComparison(OutputAgreement.Agree, ""));
    }

    public sealed class DiffersWithoutAWord : RightVerifier
    {
        public override async ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) =>
            await base.CompareAsync(pair, cancellationToken) with { Reason = "" };
    }

    public sealed class LooksAtTheFirstAlone : RightVerifier
    {
        public override ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) =>
            pair.One.Bytes.Length > pair.Other.Bytes.Length ? new(new OutputComparison(OutputAgreement.OtherClass, "the first has more")) : base.CompareAsync(pair, cancellationToken);
    }

    public sealed class MissesWhatIsAlike : RightVerifier
    {
        public override ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) =>
            new(pair.One.Bytes.Span.SequenceEqual(pair.Other.Bytes.Span) ? new OutputComparison(OutputAgreement.Agree, "") : new OutputComparison(OutputAgreement.Differ, "other bytes"));
    }

    public sealed class ComparesByTurns : RightVerifier
    {
        private int turn;

        public override ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref turn) % 5 == 0 ? new(new OutputComparison(OutputAgreement.OtherClass, "it is the fifth")) : base.CompareAsync(pair, cancellationToken);
    }

    public sealed class ThrowsWhenItCompares : RightVerifier
    {
        public override ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken) =>
            Label(pair.One.Bytes) is null ? throw new FormatException("What is this?") : base.CompareAsync(pair, cancellationToken);
    }

    public sealed class ComparesNoMoreOnceCancelled : RightVerifier
    {
        private bool broken;

        public override ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken)
        {
            broken |= cancellationToken.IsCancellationRequested;
            return broken ? new(new OutputComparison(OutputAgreement.Differ, "it was cancelled once")) : base.CompareAsync(pair, cancellationToken);
        }
    }
}
