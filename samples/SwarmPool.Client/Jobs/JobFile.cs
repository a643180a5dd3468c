using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Client.Jobs;

/// <summary>Reads a job file. Every problem of it is told at once, and keys that nobody knows are problems: a misspelt limit must not be no limit.</summary>
public static class JobFile
{
    private const int MaxFileBytes = 65_536;
    private const int MaxDeadlineSeconds = 604_800;

    /// <summary>Reads the file and the input that it names, which is relative to it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SwarmPoolException">SP1002: the file or its input is missing.</exception>
    /// <exception cref="AggregateException">All problems: SP1001, SP2011, SP3010, SP3018 and SP3019.</exception>
    public static JobSpec Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var problems = new List<Exception>();
        using var document = Parse(path);
        var job = new JobFields(document.RootElement, "", problems);
        job.Only(JobFileKeys.All);
        var type = job.Text("job_type", required: true);
        var model = job.Text("model", required: true);
        var (amount, rates, atPoolPrices) = JobPrice.Read(job);
        var deadline = job.Integer("deadline_seconds", 1, MaxDeadlineSeconds);
        var limit = job.Integer("time_limit_seconds", 1, MaxDeadlineSeconds);
        var replicas = job.Integer("replicas", 1, 5);
        var check = job.Text("check", required: false);
        if (check is not (null or JobChecks.Always))
        {
            job.Problem(ErrorCodes.BadField, "check", $"is '{check}'; it has to be \"always\", or be left out: then the pool draws which answers are checked");
        }

        var needs = JobNeedsText.Read(job);
        var (input, cid) = Input(job, Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (problems.Count > 0)
        {
            throw new AggregateException(problems);
        }

        return new JobSpec
        {
            JobType = type!,
            Model = model!,
            Input = input,
            InputCid = cid,
            Amount = amount,
            Rates = rates,
            AtPoolPrices = atPoolPrices,
            Deadline = deadline is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromMinutes(10),
            TimeLimit = limit is { } most ? TimeSpan.FromSeconds(most) : null,
            Replicas = replicas,
            CheckAlways = check is not null,
            Needs = needs,
        };
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxFileBytes })
            {
                throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"{path} has more than {MaxFileBytes} bytes: it is no job file. A large input goes into a file of its own, named by 'input'.");
            }

            var document = TextFile.ParseJson(RegularFile.ReadAllBytes(path, MaxFileBytes, followsLinks: true), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $$"""{{path}} holds no job: { "job_type": "…", "model": "…", "input": "FILE", "payment": { "amount": "0.10" } }""");
        }
        catch (JsonException broken)
        {
            throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"{path} is not JSON without duplicate keys: {broken.Message}", broken);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new SwarmPoolException(ErrorCodes.ConfigurationMissing, $"The job file {path} can't be read: {missing.Message} Name one that is there.", missing);
        }
    }

    private static (ReadOnlyMemory<byte> Bytes, Cid? Cid) Input(JobFields job, string folder)
    {
        var file = job.Text("input", required: false);
        var cidText = job.Text("input_cid", required: false);
        if (file is null == cidText is null)
        {
            job.Problem(ErrorCodes.BadField, "input", file is null ? "is missing: name a file by it, or content that is stored already by 'input_cid'" : "and 'input_cid' are both there: name one");
            return default;
        }

        if (cidText is not null)
        {
            if (!Cid.TryParse(cidText, out var cid))
            {
                job.Problem(ErrorCodes.BadField, "input_cid", $"is '{cidText}'; it has to be a CIDv1 in base32");
            }

            return (default, cid);
        }

        var path = Path.GetFullPath(file!, folder);
        return (InputFile.Read(path, (code, what) => job.Problem(code, "input", what)), null);
    }
}
