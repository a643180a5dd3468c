using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using SwarmPool.Files;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Work that was committed to and is not paid for yet, a file each: a miner that was killed shows it when it runs again. What the pool did not take
/// after all is set aside with what was signed, to be shown to whoever asks what happened.
/// </summary>
/// <param name="folder">Where; null: it is kept in memory alone.</param>
/// <param name="logger">Is told of files that can't be read or removed.</param>
/// <remarks>Thread-safe. Other users of the machine can't read it: it holds answers that nobody may know yet.</remarks>
internal sealed class WorkShelf(string? folder, ILogger<WorkShelf> logger)
{
    /// <summary>Pieces of work that are kept when they were set aside; the oldest goes.</summary>
    public const int MostSetAside = 256;

    private const string Extension = ".json";
    private const string AsideFolder = "not-taken";

    /// <summary>Largest file: an output and evidence of 256 MiB in base64.</summary>
    private const int MostBytes = 512 * 1024 * 1024;

    private readonly ConcurrentDictionary<(Cid Job, long Fence), FinishedWork> kept = new();

    /// <summary>The folder of one miner of one pool below the one that is configured.</summary>
    public static string FolderOf(string root, EnsName pool, EnsName miner) => Path.Combine(root, pool.Text, miner.Text);

    /// <summary>What was kept when the miner ended. What can't be read is told of and left alone.</summary>
    public IReadOnlyList<FinishedWork> Load()
    {
        foreach (var file in folder is not null && Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension) : [])
        {
            try
            {
                if (JsonSerializer.Deserialize(RegularFile.ReadAllBytes(file, MostBytes), WorkJson.Default.FinishedWork) is { } work)
                {
                    kept[KeyOf(work.Claim)] = work;
                }
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                MinerLog.WorkUnreadable(logger, file, e.Message);
            }
        }

        return [.. kept.Values.OrderBy(static work => work.Claim.Fence)];
    }

    /// <summary>The work that was finished under a claim; null when there is none.</summary>
    public FinishedWork? Find(ClaimAcceptedItem claim) => kept.GetValueOrDefault(KeyOf(claim));

    /// <summary>Keeps it: when this returns a killed miner has it still.</summary>
    /// <exception cref="SwarmPoolException">SP3305: it can't be written.</exception>
    public async ValueTask KeepAsync(FinishedWork work, CancellationToken cancellationToken)
    {
        kept[KeyOf(work.Claim)] = work;
        if (folder is null)
        {
            return;
        }

        try
        {
            OwnFile.CreateFolder(folder);
            await OwnFile.WriteSharedAsync(FileOf(folder, work.Claim), JsonSerializer.SerializeToUtf8Bytes(work, WorkJson.Default.FinishedWork), isDurable: false, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            kept.TryRemove(KeyOf(work.Claim), out _);
            throw new SwarmPoolException(ErrorCodes.WorkNotKept, $"Finished work can't be kept in {folder}: {e.Message} Give the miner another folder by 'work_folder'.", e);
        }
    }

    /// <summary>The pool has taken it.</summary>
    public void Remove(ClaimAcceptedItem claim)
    {
        if (kept.TryRemove(KeyOf(claim), out _) && folder is not null)
        {
            Try(FileOf(folder, claim), File.Delete);
        }
    }

    /// <summary>The pool did not take it: it is kept apart with why, what was signed of it, and when.</summary>
    /// <param name="claim">What it was done under.</param>
    /// <param name="why">What the pool said, or did not say.</param>
    /// <param name="signed">The commitment and the proof, as they were sent; each says when it was signed.</param>
    public void SetAside(ClaimAcceptedItem claim, string why, IReadOnlyList<SignedSnapshot> signed)
    {
        if (!kept.TryRemove(KeyOf(claim), out var work) || folder is null)
        {
            return;
        }

        Try(FileOf(folder, claim), file =>
        {
            var aside = Path.Combine(folder, AsideFolder);
            OwnFile.CreateFolder(aside);
            OwnFile.Write(
                FileOf(aside, claim),
                JsonSerializer.SerializeToUtf8Bytes(new WorkSetAside(why, work, [.. signed.Select(static one => JsonElement.Parse(one.Bytes.Span))]), WorkJson.Default.WorkSetAside));
            File.Delete(file);
            foreach (var oldest in new DirectoryInfo(aside).GetFiles("*" + Extension).OrderByDescending(static one => one.LastWriteTimeUtc).Skip(MostSetAside))
            {
                oldest.Delete();
            }
        });
    }

    private void Try(string file, Action<string> act)
    {
        try
        {
            act(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MinerLog.WorkNotRemoved(logger, file, e.Message);
        }
    }

    private static (Cid Job, long Fence) KeyOf(ClaimAcceptedItem claim) => (claim.JobCid, claim.Fence);

    private static string FileOf(string folder, ClaimAcceptedItem claim) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{claim.Fence}-{claim.JobCid}{Extension}"));
}

/// <summary>Work that the pool did not take.</summary>
/// <param name="Why">What it said.</param>
/// <param name="Work">The work.</param>
/// <param name="Signed">What the miner signed of it, in the order it did.</param>
internal sealed record WorkSetAside(string Why, FinishedWork Work, IReadOnlyList<JsonElement> Signed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FinishedWork))]
[JsonSerializable(typeof(WorkSetAside))]
internal sealed partial class WorkJson : JsonSerializerContext;
