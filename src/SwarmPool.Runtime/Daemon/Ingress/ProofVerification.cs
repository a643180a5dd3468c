using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Snapshots;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>Fetches a proof's evidence and asks the verifier. Bounded in size and time; a verifier's fault is never the proof's.</summary>
internal sealed class ProofVerification(
    ContentReader content, RationedReader outputs, JudgedBy others, IProofVerifier verifier, TimeSpan fetchPatience, TimeSpan verifyLimit, TaskScheduler verifiers, TimeProvider time, UsageReading usage)
{
    private readonly string name = verifier.Name;

    public async ValueTask<(VerdictFact? Verdict, Refusal? Refusal)> VerifyAsync(SignedSnapshot snapshot, ProofSnapshot proof, CancellationToken cancellationToken)
    {
        var (job, refusal) = await content.FetchSnapshotAsync<JobSnapshot>(proof.JobCid, fetchPatience, cancellationToken);
        if (job is null)
        {
            return (null, refusal);
        }

        return await outputs.UseAsync(
            proof.OutputCid, output => NeedsAsync(new ProofEvidence(proof.JobCid, job.Body, snapshot.Cid, proof, output), cancellationToken), cancellationToken);
    }

    private ValueTask<(VerdictFact? Verdict, Refusal? Refusal)> NeedsAsync(ProofEvidence bare, CancellationToken cancellationToken)
    {
        VerificationNeeds needs;
        try
        {
            needs = verifier.NeedsOf(bare.Job);
        }
        catch (Exception e)
        {
            return new((null, Failed(e)));
        }

        return needs == VerificationNeeds.None ? VerifyAsync(bare, cancellationToken) : others.UseAsync(bare, needs, evidence => VerifyAsync(evidence, cancellationToken), cancellationToken);
    }

    private async ValueTask<(VerdictFact? Verdict, Refusal? Refusal)> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken)
    {
        var (counted, uncounted) = await usage.CountAsync(evidence.Job, evidence.Proof, evidence.Output, cancellationToken);
        if (uncounted is not null)
        {
            return (null, uncounted);
        }

        using var limit = new CancellationTokenSource(verifyLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        // On a task of its own: one that blocks instead of awaiting must not hold up the worker.
        var asked = Loops.Start(verifiers, () => verifier.VerifyAsync(evidence, both.Token).AsTask());
        try
        {
            var (verdict, refusal) = VerdictReading.Of(verifier, name, await asked.WaitAsync(both.Token));
            return (verdict is null ? null : verdict with { Usage = counted }, refusal);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            if (!asked.IsCompleted)
            {
                GuardedSlot.GateOf(verifier)?.LeftBehind(nameof(verifier.VerifyAsync), asked, verifyLimit);
            }

            return (null, new Refusal(ErrorCodes.VerifierFailed, $"{name} did not answer within {verifyLimit.TotalSeconds:0} s; send the proof again."));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return (null, Failed(e));
        }
    }

    private Refusal Failed(Exception e) => new(ErrorCodes.VerifierFailed, $"{name} failed: {VerdictReading.Shorten(e.Message)}; send the proof again.");
}
