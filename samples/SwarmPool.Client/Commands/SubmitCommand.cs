using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Client.Jobs;
using SwarmPool.Programs.Client.Screens;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Client.Commands;

/// <summary><c>swarm-client submit</c>: jobs out, their outputs back.</summary>
internal static class SubmitCommand
{
    public static Command Create(ProgramContext context)
    {
        var files = new Argument<string[]>("JOB") { Description = "The job file, e.g. job.json; several are sent at once.", Arity = ArgumentArity.OneOrMore };
        var ens = new Option<string?>("--ens") { Description = "Your client's name, e.g. clinic.clientswarm.eth.", HelpName = "NAME" };
        var pool = CommonOptions.Pool();
        var output = new Option<string?>("--output") { Description = "Write the job's output to this file.", HelpName = "FILE" };
        var timeout = new Option<int?>("--timeout") { Description = "Wait at most so long, then end with exit code 6; the pool goes on with the job.", HelpName = "SECONDS" };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
            {
                result.AddError("--timeout has to be at least 1 second.");
            }
        });
        var key = new KeyChoice("CLIENT_PRIVATE_KEY", "client_");
        var config = CommonOptions.Config($"{ClientComposition.File} in the current folder, else a pool on this machine");
        var json = CommonOptions.Json("the result");
        var verbose = CommonOptions.Verbose();
        var command = new Command("submit", "Submits jobs and waits for their outputs. Inputs and outputs are public.") { files, ens, pool, output, timeout, config, json, verbose };
        command.Validators.Add(result =>
        {
            if (result.GetResult(files) is { Tokens.Count: > 1 } && result.GetResult(output) is not null)
            {
                result.AddError("--output takes the output of one job.");
            }
        });
        key.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var jobs = parsed.GetRequiredValue(files);
            var specs = jobs.Select(job => JobFile.Read(context.PathOf(job))).ToList();
            var said = new Dictionary<string, string?>(key.Overrides(context, parsed));
            Overrides.Add(said, "client_ens", parsed.GetValue(ens));
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            var builder = ClientComposition.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).AddClient();
            var screens = jobs.Select(job => new SubmitScreen(context, parsed.GetValue(json), parsed.GetValue(output), jobs.Length == 1 ? null : job)).ToList();
            var patience = parsed.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
            return await builder.WithHostAsync(
                async (services, ends) =>
                {
                    var client = services.GetRequiredService<PoolClient>();
                    NameProblems.Show(context, client.NameProblems);
                    var codes = await Task.WhenAll(specs.Zip(screens, (spec, screen) => SubmitAsync(client, spec, screen, patience, context.Time, ends)));
                    return codes.Max(); // Ok is 0: the code tells of a job that was not done.
                },
                stop);
        });
        return command;
    }

    private static async Task<int> SubmitAsync(
        PoolClient client, JobSpec spec, SubmitScreen screen, TimeSpan patience, TimeProvider time, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        screen.Begin(spec);
        var handle = await client.SubmitAsync(spec, ends.Token);
        try
        {
            await foreach (var step in handle.Progress.WithCancellation(ends.Token))
            {
                screen.Step(handle.JobCid, step);
            }

            screen.Done(await handle.Completion.WaitAsync(ends.Token));
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
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            screen.GaveUp(handle.JobCid, patience);
            return ExitCodes.GaveUp;
        }
        catch (OperationCanceledException)
        {
            screen.Interrupted(handle.JobCid);
            return ExitCodes.Interrupted;
        }
    }
}
