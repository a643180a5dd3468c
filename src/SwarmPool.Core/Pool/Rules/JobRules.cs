using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>Which jobs the pool takes, and which a client may take back.</summary>
internal static class JobRules
{
    public static Decision Accept(PoolState state, Cid cid, JobSnapshot job, PoolFacts facts, long at)
    {
        var settings = state.Settings!;

        // First: the same job again gets the same answer again, even past its deadline.
        if (state.Jobs.TryGet(cid, out _))
        {
            return Decision.Repeat(cid);
        }

        // A stranger's number: compared in seconds before it is multiplied.
        if (job.Deadline > (at + settings.MaxDeadlineMs) / 1000)
        {
            return Decision.Refuse(
                ErrorCodes.DeadlineTooFar, $"The job's deadline is more than {settings.MaxDeadlineMs / 1000} s away; give it an earlier one.");
        }

        var deadlineMs = job.Deadline * 1000;
        if (deadlineMs <= at)
        {
            return Decision.Refuse(ErrorCodes.DeadlinePassed, $"The job's deadline (unix {job.Deadline}) has passed; give it a later one.");
        }

        if (job.Payment.Amount > settings.MaxAmount)
        {
            return Decision.Refuse(
                ErrorCodes.AmountOverCap, $"The job pays {job.Payment.Amount} USDC, more than this pool's cap of {settings.MaxAmount}.");
        }

        if (job.Payment.Amount < settings.MinAmount)
        {
            return Decision.Refuse(
                ErrorCodes.AmountTooLow, $"The job pays {job.Payment.Amount} USDC; this pool takes none for less than {settings.MinAmount}.");
        }

        if (job.TimeLimitSeconds is { } limit && limit * 1000L > settings.MaxAttemptMs)
        {
            return Decision.Refuse(
                ErrorCodes.BadTimeLimit, $"The job asks for {limit} s an attempt; this pool allows {settings.MaxAttemptMs / 1000} s.");
        }

        if (state.Clients.Find(job.Client) is { } client && client.PauseUntil > at)
        {
            return Decision.Refuse(
                ErrorCodes.ClientPause,
                $"{client.Strikes} jobs of {job.Client} in a row failed alike with different miners; it may submit again in {(client.PauseUntil - at + 999) / 1000} s.");
        }

        // A client that counts on a check is told that there is none; a program of before there were any did not look.
        if (job.Check is not null && state.Checks is null && settings.Rules > 2)
        {
            return Decision.Refuse(ErrorCodes.NotChecked, "The job asks for every answer to be checked; this pool checks none.");
        }

        var (pack, notTaken) = ModelRules.Bind(state, job.Model);
        var wants = new JobWants(ModelRules.Offer(pack, job.Model), job.Needs, job.Payment.Amount);
        var supply = MatchingRules.Of(state, wants);
        return notTaken ?? MeteredPrice.Refused(settings, job) ?? ClientShares.Refused(state, job) ?? MatchingRules.TooSoon(supply, job.Model, deadlineMs - at) ?? Decision.Accept(new JobAccepted(
            cid,
            job.Client,
            job.JobType,
            job.Model,
            job.Payment.Amount,
            deadlineMs,
            job.TimeLimitSeconds * 1000L ?? settings.MaxAttemptMs,
            job.Replicas ?? 1,
            supply.Fit,
            facts.Signer?.Delegation,
            state.Rules > 1 ? facts.InputBytes ?? 0 : null,
            state.Rules > 1 ? StandingRules.Reservation(state, job.Client, wants, state.TotalJobs + 1, 1, at) : null,
            pack,
            state.Checks is null ? null : job.Check,
            job.Payment.Rates,
            job.Needs,
            supply.Match(job.Needs)));
    }

    public static Decision Cancel(PoolState state, CancelSnapshot cancel)
    {
        if (!state.Jobs.TryGet(cancel.JobCid, out var job))
        {
            return Decision.Refuse(ErrorCodes.JobUnknown, $"The pool knows no job {cancel.JobCid}.");
        }

        if (job.Client != cancel.Client)
        {
            return Decision.Refuse(ErrorCodes.NotYourJob, $"The job belongs to {job.Client}, not to {cancel.Client}.");
        }

        if (job.Phase == JobPhase.Cancelled)
        {
            return Decision.Repeat(job.Cid);
        }

        // A replica at work or done is somebody's labour: only a job that nobody has begun can be taken back.
        return job.Phase == JobPhase.Pending && job.Leases.Count == 0 && job.Proofs.Count == 0
            ? Decision.Accept(new JobCancelled(job.Cid))
            : Decision.Refuse(ErrorCodes.JobNotCancellable, $"The job is {Phases.Describe(job.Phase)}; only a job that nobody works on can be cancelled.");
    }
}
