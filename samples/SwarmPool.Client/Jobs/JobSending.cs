using SwarmPool.Programs.Client.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Client.Jobs;

/// <summary>Sends a job, unless the same was sent by an earlier command and may be paid for still: then it says what has become of that one.</summary>
/// <param name="context">The program's surroundings.</param>
/// <param name="client">Sends.</param>
/// <param name="lookup">Finds out about the earlier one.</param>
/// <param name="models">Knows the models that are offered.</param>
/// <param name="sent">Remembers.</param>
/// <param name="party">The pool and the client.</param>
/// <param name="again">Whether to send in any case.</param>
internal sealed class JobSending(ProgramContext context, PoolClient client, JobLookup lookup, ModelHints models, SentJobs sent, (string Pool, string Client) party, bool again)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Says which model was meant, when no miner offers the one that a job asks for and one of a like name is offered.</summary>
    /// <param name="job">The job.</param>
    /// <param name="step">What has become of it.</param>
    /// <param name="stop">Told to stop.</param>
    public async Task HintAsync(ChosenJob job, JobProgress step, CancellationToken stop)
    {
        if (step.Stage == JobStage.NoMiner && await models.OfAsync(job.Spec.Model, stop) is { Length: > 0 } hint)
        {
            context.Error.Line($"! No miner offers {job.Spec.Model}.{hint}", Tone.Warn, hang: 2);
        }
    }

    /// <summary>Sends it.</summary>
    /// <returns>The job on its way; or the exit code for what has become of the earlier one, which was told.</returns>
    public async Task<(JobHandle? Handle, int Exit)> SendAsync(ChosenJob job, SubmitScreen screen, ReportScreen report, CancellationToken stop)
    {
        var key = SentJobs.KeyOf(party.Pool, party.Client, job);
        var (earlier, id) = await sent.TakeAsync(key, job.Spec, again, stop);
        if (earlier is not null)
        {
            if (await TellAsync(job, earlier, report, stop) is { } exit)
            {
                return (null, exit);
            }

            await sent.ForgetAsync(earlier.Id); // Nobody pays for it: this is no second charge.
            (_, id) = await sent.TakeAsync(key, job.Spec, again: true, stop);
        }

        JobHandle handle;
        try
        {
            var spec = await client.PriceAsync(job.Spec, stop);
            screen.Begin(spec);
            handle = await client.SubmitAsync(spec, stop);
        }
        catch
        {
            await sent.ForgetAsync(id); // Not on its way.
            throw;
        }

        await sent.NoteAsync(id, handle.JobCid);
        return (handle, ExitCodes.Ok);
    }

    /// <summary>Null when nobody pays for the earlier one, which is said too.</summary>
    private async Task<int?> TellAsync(ChosenJob job, SentJob earlier, ReportScreen report, CancellationToken stop)
    {
        var at = Times.Utc(earlier.SentAt * 1000);
        if (earlier.Job is null || !Cid.TryParse(earlier.Job, out var cid))
        {
            throw new SwarmPoolException(
                ErrorCodes.JobAlreadySent, $"{job.Label} was about to be sent at {at} when the program ended, and may be on its way. --again sends it as a new job, which is paid for too.");
        }

        context.Error.Line($"! {job.Label} was sent at {at} as {cid}. It is not sent again; --again sends it as a new job, which is paid for too.", Tone.Warn, hang: 2);
        var found = await lookup.FindAsync(cid, Patience, stop);
        if (found.Condition is JobCondition.Failed or JobCondition.Cancelled or JobCondition.Refused)
        {
            context.Error.Line($"! {found.Text} So it is sent anew.", Tone.Warn, hang: 2);
            return null;
        }

        return report.Show(found);
    }
}
