using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Pool.Rules;

/// <summary>
/// How much of the pool one client may take up: a part of what the others leave, so that whoever comes next always finds room. Jobs that are
/// over count until they are forgotten, for it is their client who made them.
/// </summary>
internal static class ClientShares
{
    /// <summary>Why the pool has no room for one job more of this client; null when it has.</summary>
    public static Decision? Refused(PoolState state, JobSnapshot job)
    {
        var settings = state.Settings!;
        var (jobs, mine, amount) = (state.Jobs, state.Jobs.LoadOf(job.Client), job.Payment.Amount);
        if (mine.Open >= settings.JobsPerClient)
        {
            return Decision.Refuse(
                ErrorCodes.ClientCap, $"{job.Client} has {settings.JobsPerClient} open jobs, as many as this pool allows a client; send the job again when some are done.");
        }

        var owed = mine.OpenMicro + state.Epochs.OwedBy(job.Client);
        if (settings.MaxUnpaid is { } most && owed + amount.Micro > most.Micro)
        {
            return Decision.Refuse(
                ErrorCodes.UnpaidCap,
                $"{job.Client} owes this pool {Usdc.FromMicro(owed)} USDC for open jobs and decided ones that no sealed epoch pays yet; with this job it would be more than the {most} that a client may. Send it again when some are sealed.");
        }

        if (jobs.Count >= settings.MaxJobs)
        {
            return Decision.Refuse(ErrorCodes.PoolFull, $"The pool holds {jobs.Count} jobs and takes no more now; send the job again later.");
        }

        // So that whatever one epoch settles can be written as one amount.
        var room = Usdc.MaxMicro - state.Epochs.UnreleasedMicro - jobs.OpenVolumeMicro;
        if (amount.Micro > room)
        {
            return Decision.Refuse(ErrorCodes.PoolFull, $"The open jobs and this epoch's volume leave no room for {amount} USDC; send the job again later.");
        }

        return settings.ClientShare is { } share ? Beyond(share, settings.MaxJobs - (jobs.Count - mine.Held), room + mine.OpenMicro, mine, job) : null;
    }

    // Of the places that the others leave a share for jobs that nobody was paid for, and half for all: work that was paid for costs its client.
    private static Decision? Beyond(int share, int places, long room, ClientLoad mine, JobSnapshot job)
    {
        if (mine.Unpaid >= Math.Max(1, places / share) || mine.Held >= Math.Max(1, places / 2))
        {
            return Decision.Refuse(
                ErrorCodes.ClientCap,
                $"The pool holds {mine.Held} jobs of {job.Client}, {mine.Unpaid} of them unpaid: its share of the places that are left. Jobs that are over are remembered until an hour after their deadlines; send the job again then.");
        }

        return mine.OpenMicro + job.Payment.Amount.Micro > room / share
            ? Decision.Refuse(
                ErrorCodes.ClientCap,
                $"The open jobs of {job.Client} pay {Usdc.FromMicro(mine.OpenMicro)} USDC; with {job.Payment.Amount} more they would take more than its share of what this epoch can hold. Send the job again when some are done.")
            : null;
    }
}
