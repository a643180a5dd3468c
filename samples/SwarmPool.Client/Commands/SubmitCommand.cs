using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Client.Jobs;
using SwarmPool.Programs.Client.Screens;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Reader;

namespace SwarmPool.Programs.Client.Commands;

/// <summary><c>swarm-client submit</c>: jobs out, their outputs back.</summary>
internal static class SubmitCommand
{
    public static Command Create(ProgramContext context)
    {
        var jobs = new JobChoice();
        var ens = new Option<string?>("--ens") { Description = "Your client's name, e.g. clinic.clientswarm.eth.", HelpName = "NAME" };
        var pool = CommonOptions.Pool();
        var again = new Option<bool>("--again") { Description = "Send it even if the same job was sent before and its deadline has not passed: both are paid for." };
        var output = new Option<string?>("--output") { Description = "Write the job's output to this file.", HelpName = "FILE" };
        var timeout = CommonOptions.Timeout("Take at most so long, then end with exit code 6; the pool goes on with the job, and 'get' brings its output later.");
        var key = new KeyChoice("CLIENT_PRIVATE_KEY", "client_");
        var config = CommonOptions.Config($"{ClientComposition.File} in the current folder, else a pool on this machine");
        var json = CommonOptions.Json("the result");
        var verbose = CommonOptions.Verbose();
        var command = new Command("submit", "Submits jobs and waits for their outputs. Inputs and outputs are public.") { ens, pool, again, output, timeout, config, json, verbose };
        jobs.AddTo(command, output);
        key.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var limit = new TimeLimit(parsed.GetValue(timeout), context.Time);
            var chosen = jobs.Read(context, parsed);
            var said = new Dictionary<string, string?>(key.Overrides(context, parsed));
            Overrides.Add(said, "client_ens", parsed.GetValue(ens));
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            var builder = ClientComposition.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).AddClient().AddJobLookup().AddPoolReader();
            var waits = builder.TellWaits(context);
            using var sent = new SentJobs(builder.BaseDirectory, context.Time);
            return await limit.RunAsync(
                within => builder.WithHostAsync(
                    async (services, ends) =>
                    {
                        var client = services.GetRequiredService<PoolClient>();
                        NameProblems.Show(context, client.NameProblems);
                        var party = (builder.Configuration["pool_ens"] ?? "", builder.Configuration["client_ens"] ?? "");
                        var sending = new JobSending(context, client, services.GetRequiredService<JobLookup>(), new ModelHints(services.GetRequiredService<PoolReader>()), sent, party, parsed.GetValue(again));
                        var codes = await Task.WhenAll(chosen.Select(job => SubmitAsync(sending, job, ends)));
                        return codes.Max(); // Ok is 0: the code tells of a job that was not done.
                    },
                    within),
                why => throw new SwarmPoolException(ErrorCodes.PoolNotHeard, $"Nothing was sent within {limit.Span.TotalSeconds:0} s: {why?.Message ?? "what the job has to go through could not be reached."}{waits.Explain()}"),
                stop);

            Task<int> SubmitAsync(JobSending sending, ChosenJob job, CancellationToken ends)
            {
                var label = chosen.Count == 1 ? null : job.Label;
                var (asJson, file) = (parsed.GetValue(json), parsed.GetValue(output));
                return FollowAsync(sending, job, new SubmitScreen(context, asJson, file, label), new ReportScreen(context, asJson, file, label), limit, ends, stop);
            }
        });
        return command;
    }

    private static async Task<int> FollowAsync(
        JobSending sending, ChosenJob job, SubmitScreen screen, ReportScreen report, TimeLimit limit, CancellationToken ends, CancellationToken stop)
    {
        var (handle, exit) = await sending.SendAsync(job, screen, report, ends);
        if (handle is null)
        {
            return exit;
        }

        try
        {
            await foreach (var step in handle.Progress.WithCancellation(ends))
            {
                screen.Step(handle.JobCid, step);
                await sending.HintAsync(job, step, ends);
            }

            screen.Done(await handle.Completion.WaitAsync(ends));
            return ExitCodes.Ok;
        }
        catch (JobRejectedException refused)
        {
            screen.Refused(refused);
            return ExitCodes.Refused;
        }
        catch (JobFailedException failed)
        {
            screen.Failed(failed);
            return failed.Reason switch
            {
                JobFailedException.NotAnswered => ExitCodes.GaveUp,
                JobFailedException.Stopped => ExitCodes.Transport, // Not by us: the client could hear the pool no longer.
                _ => ExitCodes.JobFailed,
            };
        }
        catch (OperationCanceledException) when (limit.IsOver && !stop.IsCancellationRequested)
        {
            limit.IsTold = true;
            screen.GaveUp(handle.JobCid, limit.Span);
            return ExitCodes.GaveUp;
        }
        catch (OperationCanceledException)
        {
            screen.Interrupted(handle.JobCid);
            return ExitCodes.Interrupted;
        }
    }
}
