using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Runtime.Generation;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Metering;

/// <summary>
/// Counts what a job pays by in what was signed and committed, never in what anybody reports: tokens in output and evidence, sound and pictures in the bytes of
/// the input, or of the output where that is what is asked for. Whoever has the same bytes counts the same.
/// </summary>
/// <remarks>Pure; thread-safe.</remarks>
internal static class UsageCounter
{
    // Jobs whose input is a text and whose output is what is counted.
    private const string FromText = "text-to-";

    /// <summary>Why a job can't be paid by what its rates are for: its kind, or its input, has nothing of it that is counted here. Null when it can.</summary>
    /// <param name="job">The job.</param>
    /// <param name="input">Its input: a stranger's bytes.</param>
    public static Refusal? Against(JobSnapshot job, ReadOnlyMemory<byte> input)
    {
        if (job.Payment.Rates is not { } rates)
        {
            return null;
        }

        if ((rates.InputTokens > 0 || rates.OutputTokens > 0) && job.JobType != TextJob.JobType)
        {
            return NotCounted($"Tokens are counted in {TextJob.JobType} jobs alone; this is {job.JobType}.");
        }

        if (rates.InputTokens > 0 || rates.OutputTokens > 0)
        {
            try
            {
                TextJob.Read(input);
            }
            catch (SwarmPoolException unusable)
            {
                return new Refusal(unusable.Code, unusable.Message[(unusable.Message.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            }
        }

        var isFromText = IsFromText(job.JobType);
        if (rates.Seconds > 0 && !isFromText && SoundLength.Of(input.Span) is null)
        {
            return NotCounted($"Seconds are counted in sound whose file says how long it is: a WAV input, or the output of a {FromText}… job. The job's input is no such file.");
        }

        return rates.Pictures > 0 && !isFromText && !PictureForm.IsPicture(input.Span)
            ? NotCounted($"Pictures are counted as files of PNG, JPEG, WebP, GIF, BMP or TIFF: the input, or the output of a {FromText}… job. The job's input is no such file.")
            : null;
    }

    /// <summary>What a job is to be paid for.</summary>
    /// <param name="job">The job; it has rates.</param>
    /// <param name="input">Its input.</param>
    /// <param name="output">Its output, as the proof names it.</param>
    /// <param name="evidence">The evidence that the proof names, read; null when it names none.</param>
    public static (JobUsage? Usage, Refusal? Refusal) Count(JobSnapshot job, ReadOnlyMemory<byte> input, ReadOnlyMemory<byte> output, TokenEvidence? evidence)
    {
        var rates = job.Payment.Rates!;
        var usage = Files(rates, IsFromText(job.JobType) ? output : input);
        if (!(rates.InputTokens > 0 || rates.OutputTokens > 0))
        {
            return (usage, null);
        }

        if (evidence is null)
        {
            return (null, new Refusal(ErrorCodes.EvidenceMissing, "The job pays by tokens, and the proof names no evidence to count them by."));
        }

        var (counted, refusal) = TextUsage.Count(input, output, evidence);
        return counted is null ? (null, refusal) : (usage with { InputTokens = counted.InputTokens, OutputTokens = counted.OutputTokens }, null);
    }

    /// <summary>What sound and pictures a job is paid for, where its input says it; null where its output does.</summary>
    public static JobUsage? InInput(JobRates rates, string jobType, ReadOnlyMemory<byte> input) => IsFromText(jobType) ? null : Files(rates, input);

    private static JobUsage Files(JobRates rates, ReadOnlyMemory<byte> file) => new()
    {
        Milliseconds = rates.Seconds > 0 ? SoundLength.Of(file.Span) ?? 0 : null,
        Pictures = !(rates.Pictures > 0) ? null : PictureForm.IsPicture(file.Span) ? 1 : 0,
    };

    private static bool IsFromText(string jobType) => jobType.StartsWith(FromText, StringComparison.Ordinal);

    private static Refusal NotCounted(string why) => new(ErrorCodes.UnitNotCounted, why);
}
