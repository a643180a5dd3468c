using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Pool;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Daemon.Intake.Rules;

/// <summary>
/// A claim on a job that is not to be had is dropped before its signature is checked; what became of the job is said
/// again, for the sender and everyone else at once.
/// </summary>
internal sealed class StandingRule(Sequencer sequencer, AnswerDesk answers) : IIntakeRule
{
    public async ValueTask<Refusal?> CheckAsync(IntakeItem item, CancellationToken cancellationToken)
    {
        if (item.Snapshot.Body is not ClaimSnapshot claim)
        {
            return null;
        }

        var taken = await sequencer.AskAsync(
            state => state.Jobs.TryGet(claim.JobCid, out var job) && job.Phase != JobPhase.Pending && job.LeaseOf(claim.Miner) is null,
            cancellationToken);
        if (!taken)
        {
            return null;
        }

        answers.Repeat(claim.JobCid);
        return new Refusal(ErrorCodes.JobNotPending, $"The job {claim.JobCid} is not to be had.");
    }
}
