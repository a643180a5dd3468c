using System.Diagnostics.CodeAnalysis;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Runtime.Verification;
using SwarmPool.Snapshots;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// Fetches the answers to a job and asks the verifier which of them agree. Bounded in size and time; what can't be fetched or compared is no result for anybody,
/// and never "wrong".
/// </summary>
/// <param name="content">Where proofs and outputs come from.</param>
/// <param name="others">Fetches what the verifier wants beside them.</param>
/// <param name="verifier">The verifier.</param>
/// <param name="maxOutputBytes">The largest output.</param>
/// <param name="fetchPatience">How long one fetch may take.</param>
/// <param name="verifyLimit">How long the verifier may take for all of a job's answers.</param>
/// <param name="verifiers">Where it is asked.</param>
/// <param name="time">The clock.</param>
/// <remarks>Thread-safe.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Semaphores whose wait handles nobody asks for have nothing to free.")]
internal sealed class AgreementReading(
    ContentReader content, JudgedBy others, IProofVerifier verifier, int maxOutputBytes, TimeSpan fetchPatience, TimeSpan verifyLimit, TaskScheduler verifiers, TimeProvider time)
{
    /// <summary>Jobs whose answers are compared at a time.</summary>
    public const int AtATime = 4;

    private readonly string name = verifier.Name;
    private readonly SemaphoreSlim places = new(AtATime);
    private readonly SemaphoreSlim large = new(1); // All answers of one job are held together.

    /// <summary>What the verifier says; or the refusal (SP3432) that names why nothing can be said now.</summary>
    public async ValueTask<(AgreementFact? Fact, Refusal? Refusal)> FindAsync(AgreementQuestion question, CancellationToken cancellationToken)
    {
        if (question.Verifier != name || question.Answers.Count > AgreementGroups.Most)
        {
            return (null, Unavailable(question, question.Verifier != name ? $"they are compared by {question.Verifier}, and here is {name}" : $"they are more than {AgreementGroups.Most}"));
        }

        await places.WaitAsync(cancellationToken);
        try
        {
            var (found, tooLarge, refusal) = await TryAsync(question, Math.Min(maxOutputBytes, RationedReader.SmallBytes), cancellationToken);
            if (!tooLarge)
            {
                return (found, refusal);
            }

            await large.WaitAsync(cancellationToken);
            try
            {
                (found, _, refusal) = await TryAsync(question, maxOutputBytes, cancellationToken);
                return (found, refusal);
            }
            finally
            {
                large.Release();
            }
        }
        finally
        {
            places.Release();
        }
    }

    private async ValueTask<(AgreementFact? Fact, bool TooLarge, Refusal? Refusal)> TryAsync(AgreementQuestion question, int maxBytes, CancellationToken cancellationToken)
    {
        var (job, noJob) = await content.FetchSnapshotAsync<JobSnapshot>(question.Job, fetchPatience, cancellationToken);
        if (job is null)
        {
            return (null, false, Unavailable(question, noJob!.ToString()));
        }

        var outputs = new List<FencedOutput>(question.Answers.Count);
        ProofEvidence? first = null;
        foreach (var answer in question.Answers)
        {
            var (proof, noProof) = await content.FetchSnapshotAsync<ProofSnapshot>(answer.Proof, fetchPatience, cancellationToken);
            var (output, noOutput) = proof is null ? (default, noProof) : await content.FetchAsync(answer.Output, maxBytes, fetchPatience, cancellationToken);
            if (proof is null || noOutput is not null)
            {
                return (null, noOutput!.Code == ErrorCodes.ContentTooLarge && maxBytes < maxOutputBytes, Unavailable(question, $"that of the claim {answer.Fence} could not be read: {noOutput.Reason}"));
            }

            first ??= new ProofEvidence(question.Job, job.Body, answer.Proof, proof.Body, output);
            outputs.Add(new FencedOutput(answer.Fence, new ComparedOutput(ModelClass.Of(proof.Body.Metrics), output)));
        }

        var (fact, refusal) = await CompareAsync(question, first!, outputs, cancellationToken);
        return (fact, false, refusal);
    }

    private async ValueTask<(AgreementFact? Fact, Refusal? Refusal)> CompareAsync(
        AgreementQuestion question, ProofEvidence first, List<FencedOutput> outputs, CancellationToken cancellationToken)
    {
        VerificationNeeds needs;
        try
        {
            needs = verifier.NeedsOf(first.Job) & ~VerificationNeeds.Evidence; // What each proves was judged when it was shown.
        }
        catch (Exception e)
        {
            return (null, Unavailable(question, $"{name} failed: {VerdictReading.Shorten(e.Message)}"));
        }

        var (fact, refusal) = await others.UseAsync<AgreementFact>(first, needs, judged => AskAsync(question, judged, outputs, cancellationToken), cancellationToken);
        return (fact, refusal is null or { Code: ErrorCodes.AgreementUnavailable } ? refusal : Unavailable(question, refusal.Reason));
    }

    private async ValueTask<(AgreementFact? Fact, Refusal? Refusal)> AskAsync(
        AgreementQuestion question, ProofEvidence judged, List<FencedOutput> outputs, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(verifyLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        // On a task of its own: one that blocks instead of awaiting must not hold up others.
        var asked = Loops.Start(verifiers, () => new AgreementFinder(verifier).FindAsync(question.Job, judged.Job, judged.Manifest, judged.Input, outputs, both.Token).AsTask());
        try
        {
            return (await asked.WaitAsync(both.Token), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (!asked.IsCompleted)
            {
                GuardedSlot.GateOf(verifier)?.LeftBehind(nameof(verifier.CompareAsync), asked, verifyLimit);
            }

            return (null, Unavailable(question, $"{name} did not answer within {verifyLimit.TotalSeconds:0} s"));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return (null, Unavailable(question, $"{name} failed: {VerdictReading.Shorten(e.Message)}"));
        }
    }

    private static Refusal Unavailable(AgreementQuestion question, string why) => new(ErrorCodes.AgreementUnavailable, $"The answers to {question.Job} could not be compared: {why}.");
}
