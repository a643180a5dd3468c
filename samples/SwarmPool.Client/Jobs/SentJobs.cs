using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Programs.Reporting;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Client.Jobs;

/// <summary>
/// Remembers which jobs were sent and are not past their deadline, so that the same one is not paid for twice by mistake: a file of this
/// user's alone beside the configuration, written whole or not at all.
/// </summary>
/// <remarks>Thread-safe, and safe among processes: who writes holds a lock file.</remarks>
internal sealed class SentJobs(string folder, TimeProvider time) : IDisposable
{
    public const string File = "swarm-client.sent.json";

    private const long MostBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    private readonly string path = Path.Combine(folder, File);
    private readonly HashSet<string> own = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>What makes two jobs the same: pool, client, file, and all that is asked for, the input's bytes among it.</summary>
    public static string KeyOf(string pool, string client, ChosenJob job)
    {
        var spec = job.Spec;
        string[] parts =
        [
            pool, client, job.Path, spec.JobType, spec.Model, spec.Amount.ToString(), $"{spec.Rates}", $"{spec.AtPoolPrices}", $"{spec.Deadline}", $"{spec.TimeLimit}", $"{spec.Replicas}",
            spec.InputCid?.ToString() ?? Convert.ToHexStringLower(SHA256.HashData(spec.Input.Span)),
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parts))));
    }

    /// <summary>
    /// Takes note of a job that is about to be sent, unless an earlier command sent the same and its deadline has not passed: then that one.
    /// The same job twice in one command is meant.
    /// </summary>
    /// <param name="key">From <see cref="KeyOf"/>.</param>
    /// <param name="spec">The job.</param>
    /// <param name="again">Whether it is sent in any case.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP1001: the file is damaged. SP1002: it can't be written.</exception>
    public Task<(SentJob? Earlier, string Id)> TakeAsync(string key, JobSpec spec, bool again, CancellationToken cancellationToken) => ChangeAsync(
        jobs =>
        {
            if (!again && jobs.FindLast(job => job.Key == key && !own.Contains(job.Id)) is { } earlier)
            {
                return (earlier, "");
            }

            var now = time.GetUtcNow();
            var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
            own.Add(id);
            jobs.Add(new SentJob(id, key, now.ToUnixTimeSeconds(), (now + spec.Deadline).ToUnixTimeSeconds(), null));
            return ((SentJob?)null, id);
        },
        cancellationToken);

    /// <summary>Notes the CID of a job that was sent.</summary>
    public Task NoteAsync(string id, Cid job) => ChangeAsync(
        jobs =>
        {
            var at = jobs.FindIndex(one => one.Id == id);
            if (at >= 0)
            {
                jobs[at] = jobs[at] with { Job = job.ToString() };
            }

            return at;
        },
        CancellationToken.None);

    /// <summary>Forgets a job that was not sent, or that nobody pays for.</summary>
    public Task ForgetAsync(string id) => ChangeAsync(jobs => jobs.RemoveAll(one => one.Id == id), CancellationToken.None);

    public void Dispose() => turn.Dispose();

    private async Task<T> ChangeAsync<T>(Func<List<SentJob>, T> change, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await using var held = await LockAsync(cancellationToken);
            var jobs = Read();
            jobs.RemoveAll(job => job.Deadline < time.GetUtcNow().ToUnixTimeSeconds());
            var result = change(jobs);
            OwnFile.Write(path, JsonText.Line(new { version = 1, jobs }));
            return result;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SwarmPoolException(
                ErrorCodes.ConfigurationMissing,
                $"{path}, which keeps the same job from being sent twice by mistake, can't be written: {fault.Message} Let this user write in its folder, or name a configuration elsewhere.",
                fault);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp(); // Another process is waited for, whatever clock this one is given.
        while (true)
        {
            try
            {
                return OwnFile.OpenOrCreate(path + ".lock");
            }
            catch (IOException) when (System.IO.File.Exists(path + ".lock") && TimeProvider.System.GetElapsedTime(started) < LockPatience)
            {
                await Task.Delay(Between, TimeProvider.System, cancellationToken);
            }
        }
    }

    private List<SentJob> Read()
    {
        if (!System.IO.File.Exists(path))
        {
            return [];
        }

        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw Damaged($"it has more than {MostBytes} bytes", null);
            }

            using var document = TextFile.ParseJson(System.IO.File.ReadAllBytes(path));
            return [.. document.RootElement.GetProperty("jobs").EnumerateArray().Select(static job => new SentJob(
                job.GetProperty("id").GetString()!,
                job.GetProperty("key").GetString()!,
                job.GetProperty("sent_at").GetInt64(),
                job.GetProperty("deadline").GetInt64(),
                job.TryGetProperty("job", out var cid) ? cid.GetString() : null))];
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damaged(broken.Message, broken);
        }
    }

    private SwarmPoolException Damaged(string why, Exception? inner) => new(
        ErrorCodes.ConfigurationInvalid, $"{path}, which keeps the same job from being sent twice by mistake, is damaged: {why} Look at what is in it, and move it away.", inner);
}

/// <summary>A job that was sent, or was about to be.</summary>
/// <param name="Id">Tells it apart from the same job sent again.</param>
/// <param name="Key">What makes two jobs the same.</param>
/// <param name="SentAt">When: unix seconds.</param>
/// <param name="Deadline">Its deadline: unix seconds.</param>
/// <param name="Job">Its CID; null when the program ended before it was known.</param>
internal sealed record SentJob(string Id, string Key, long SentAt, long Deadline, string? Job);
