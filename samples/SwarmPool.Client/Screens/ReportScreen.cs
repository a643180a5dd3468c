using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Client.Screens;

/// <summary>What has become of a job that was sent earlier: one line for people with what follows from it, or one JSON document for machines.</summary>
/// <param name="context">Where it is told.</param>
/// <param name="json">One document for machines.</param>
/// <param name="outputFile">Where the output goes; null: it is shown.</param>
/// <param name="label">What the job is called among several; null for the only one.</param>
public sealed class ReportScreen(ProgramContext context, bool json, string? outputFile, string? label = null)
{
    /// <summary>Tells it.</summary>
    /// <returns>The exit code: 0 with the output, 6 while there is none yet, 5 when there will be none, 4 when the pool refused or forgot the job.</returns>
    public int Show(JobReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Result is { } result)
        {
            new SubmitScreen(context, json, outputFile, label).Done(result);
            return ExitCodes.Ok;
        }

        var (exit, tone, mark, next) = report.Condition switch
        {
            JobCondition.Waiting => (ExitCodes.GaveUp, Tone.Plain, "", $"'swarm-client cancel {report.Job}' takes it back while no miner has begun it."),
            JobCondition.Claimed => (ExitCodes.GaveUp, Tone.Plain, "", "Ask again in a while."),
            JobCondition.Decided => (ExitCodes.JobFailed, Tone.Bad, "✗ ", "Ask again later; whoever keeps the output can still bring it."),
            JobCondition.Failed or JobCondition.Cancelled => (ExitCodes.JobFailed, Tone.Bad, "✗ ", null),
            _ => (ExitCodes.Refused, Tone.Bad, "✗ ", null),
        };
        var status = report.Condition.ToString().ToLowerInvariant();
        var before = label is null ? "" : label + ": ";
        if (json)
        {
            var document = new { job = label, status, jobCid = report.Job, report.Miner, report.Code, report.Reason, report.Detail, report.Match, report.Queue, text = report.Text };
            context.Out.WriteLine(label is null ? JsonText.Document(document) : JsonText.Line(document));
        }
        else
        {
            context.Screen.Line($"{mark}{before}{char.ToUpperInvariant(status[0])}{status[1..]}. {report.Text}", tone, hang: 2);
            if (next is not null)
            {
                context.Screen.Line($"  {next}", hang: 2);
            }
        }

        return exit;
    }
}
