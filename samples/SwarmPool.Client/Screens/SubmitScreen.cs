using System.Globalization;
using SwarmPool.Files;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Client;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Client.Screens;

/// <summary>What becomes of a submitted job: step by step for people, or one JSON document at the end for machines.</summary>
/// <param name="context">Where it is told.</param>
/// <param name="json">One document for machines.</param>
/// <param name="outputFile">Where the output goes; null: it is shown.</param>
/// <param name="label">What the job is called among several, which share the screen line by line; null for the only one.</param>
public sealed class SubmitScreen(ProgramContext context, bool json, string? outputFile, string? label = null)
{
    private JobProgress? waiting; // What was said last of why it waits.

    // With --json standard output is for the document alone.
    private Terminal Terminal => json ? context.Error : context.Screen;

    private string Before => label is null ? "" : label + ": ";

    /// <summary>Before anything is sent.</summary>
    public void Begin(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Terminal.Line($"{Before}Submitting {spec.JobType} with {spec.Model} for {(spec.Rates is { } rates ? $"at most {JobCost.Most(spec)} USDC, by what is counted: {rates}" : $"{spec.Amount} USDC")}.");
        Terminal.Line($"! {Before}The input and the output are public: whoever knows their CIDs can read them.", Tone.Warn, hang: 2);
    }

    /// <summary>A step of the job.</summary>
    public void Step(Cid job, JobProgress step)
    {
        ArgumentNullException.ThrowIfNull(step);
        waiting = step.Stage is JobStage.Waiting or JobStage.NoMiner or JobStage.Queued ? step : null;
        var at = context.Time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var (text, tone) = step.Stage switch
        {
            JobStage.Sent => ($"Job uploaded: {job}", Tone.Plain),
            JobStage.Waiting when step.Match is not null => ($"✓ {step.Text}", Tone.Good),
            JobStage.NoMiner when step.Match is not null => ($"! Accepted by the pool. {step.Text}", Tone.Warn),
            JobStage.Waiting => ("✓ Accepted by the pool. Waiting for a miner...", Tone.Good),
            JobStage.NoMiner => ("! Accepted by the pool, but no registered miner offers the model yet; the job waits.", Tone.Warn),
            JobStage.Claimed => ($"Claimed by {step.Miner}. Waiting for the proof...", Tone.Plain),
            JobStage.Proved => ($"✓ Proof by {step.Miner} accepted by the pool", Tone.Good),
            JobStage.Checking => ("Checking proof and output...", Tone.Plain),
            JobStage.Deferred or JobStage.AttemptEnded => ($"! {step.Text}", Tone.Warn),
            _ => (step.Text, Tone.Plain),
        };
        Terminal.Line($"{at}  {Before}{text}", tone, hang: 10);
    }

    /// <summary>The output is here.</summary>
    public void Done(JobResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (outputFile is not null)
        {
            OwnFile.Write(context.PathOf(outputFile), result.Output.Span);
        }

        if (json)
        {
            Document(new
            {
                job = label,
                status = "completed",
                result.JobCid,
                result.ProofCid,
                result.OutputCid,
                result.Miner,
                result.EpochId,
                result.Charge,
                result.Usage,
                result.Check,
                result.Proof.Metrics,
                outputBytes = result.Output.Length,
                output = OutputText.Of(result.Output),
                outputFile,
            });
            return;
        }

        if (label is not null)
        {
            var charged = result.Charge is { } charge ? $"{charge} USDC for {result.Usage}, " : "";
            var kept = result.Check is null ? "" : $", checked: {result.CheckText}";
            Terminal.Line($"✓ {Before}JOB COMPLETE! By {result.Miner}, {charged}paid in {result.EpochId}{kept}: {OutputText.OneLine(result.Output)}", Tone.Good);
            return;
        }

        Terminal.Line();
        Terminal.Line("✓ JOB COMPLETE!", Tone.Good);
        Terminal.Facts(
        [
            .. Charged(result),
            ("Miner:", result.Miner.Text),
            ("Model:", $"{result.Proof.Metrics.Model}, {result.Proof.Metrics.InferenceSeconds} s on {result.Proof.Metrics.Device}"),
            ("Proof:", result.ProofCid.ToString()),
            ("Output:", result.OutputCid.ToString()),
            ("Paid in:", result.EpochId),
            .. result.Check is null ? Array.Empty<(string, string)>() : [("Checked:", result.CheckText)],
        ]);
        Terminal.Line();
        ShowOutput(result.Output);
    }

    /// <summary>The pool refused the job.</summary>
    public void Refused(JobRejectedException refused)
    {
        ArgumentNullException.ThrowIfNull(refused);
        End("refused", refused.Job, $"Refused by the pool: {refused.Code}: {refused.Reason}", refused.Code);
    }

    /// <summary>The job will not be done.</summary>
    public void Failed(JobFailedException failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        End(failed.Reason, failed.Job, failed.Message, null, failed);
    }

    /// <summary>The caller's patience is over; the pool goes on.</summary>
    public void GaveUp(Cid job, TimeSpan after) =>
        End("gave_up", job, $"No output within {after.TotalSeconds:0} s.{(waiting?.Match is null && waiting?.Queue is null ? "" : $" {waiting.Text}")} The pool goes on with the job; 'swarm-client get {job}' brings its output later.", null);

    /// <summary>The caller doesn't wait any longer; the pool goes on.</summary>
    public void Interrupted(Cid job) =>
        End("interrupted", job, $"Stopped. The pool goes on with the job; 'swarm-client cancel {job}' takes it back while no miner has begun it.", null);

    private static IEnumerable<(string, string)> Charged(JobResult result) =>
        result.Charge is { } charge ? [("Charged:", $"{charge} USDC for {result.Usage}")] : [];

    private void End(string status, Cid job, string reason, string? code, JobFailedException? failed = null)
    {
        context.Error.Line($"✗ {Before}{reason}", Tone.Bad, hang: 2);
        if (json)
        {
            Document(new { job = label, status, jobCid = job, code, reason, failed?.Miner, failed?.Detail, waiting = waiting?.Text, waiting?.Match, waiting?.Queue });
        }
    }

    private void ShowOutput(ReadOnlyMemory<byte> output)
    {
        if (outputFile is not null)
        {
            Terminal.Line($"{output.Length} bytes written to {outputFile}");
        }
        else if (OutputText.Of(output) is { } text)
        {
            foreach (var line in text.TrimEnd('\n').Split('\n'))
            {
                Terminal.Whole(line, Tone.Strong);
            }
        }
        else
        {
            Terminal.Line($"The output has {output.Length} bytes; --output FILE writes it to a file.");
        }
    }

    private void Document(object value) => context.Out.WriteLine(label is null ? JsonText.Document(value) : JsonText.Line(value));
}
