using System.CommandLine;
using SwarmPool.Core.Auditing;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Auditing;

/// <summary>What the commands that audit can be told.</summary>
public sealed class AuditOptions
{
    private readonly Option<bool> alone = new("--alone") { Description = "Audit this epoch alone: signatures, pages, roots, sums and split. Nothing is decided again." };

    private readonly Option<string?> checkpoint = new("--checkpoint")
    {
        Description = "A file of the auditor's own: go on from where the last audit ended, and note there where this one does.",
        HelpName = "FILE",
    };

    private readonly Option<bool> lenient = new("--lenient")
    {
        Description = "A person has looked at what is to be looked at (the lines under !): end with exit code 0 all the same, and note the checkpoint.",
    };

    private readonly Option<bool> json = CommonOptions.Json("the result");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        command.Add(alone);
        command.Add(checkpoint);
        command.Add(lenient);
        command.Add(json);
    }

    /// <summary>What was said.</summary>
    /// <exception cref="SwarmPoolException">SP1001: the options contradict each other. SP3408: the checkpoint's file holds none. SP1001: it can't be read and written.</exception>
    internal AuditWish Read(ProgramContext context, ParseResult parsed)
    {
        var path = parsed.GetValue(checkpoint) is { } typed ? context.PathOf(typed) : null;
        return parsed.GetValue(alone) && path is not null
            ? throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, "--alone and --checkpoint contradict each other: an epoch audited alone leads to no state that another audit could go on from.")
            : new AuditWish(parsed.GetValue(alone), path, path is null ? null : CheckpointFile.Read(path), parsed.GetValue(lenient), parsed.GetValue(json));
    }

    /// <summary>The epoch that was typed: a CID, or a file that holds a snapshot.</summary>
    /// <exception cref="SwarmPoolException">It is neither, is unavailable, or is not an epoch.</exception>
    public static async Task<SignedSnapshot> EpochAsync(ProgramContext context, string typed, PoolAuditor pool, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(pool);
        if (Cid.TryParse(typed, out var cid))
        {
            return await pool.FetchAsync(cid, stop);
        }

        var path = context.PathOf(typed);
        return new FileInfo(path) is { Exists: true, Length: <= SnapshotCodec.MaxBytes }
            ? PoolAuditor.Read(await File.ReadAllBytesAsync(path, stop))
            : throw new SwarmPoolException(
                ErrorCodes.ConfigurationMissing, $"'{typed}' is neither a CID (CIDv1, base32) nor a file of at most {SnapshotCodec.MaxBytes} bytes. The pool's status names the last sealed epoch.");
    }
}

/// <summary>What an audit was asked for.</summary>
/// <param name="Alone">One epoch alone.</param>
/// <param name="Path">The checkpoint's file; null: none.</param>
/// <param name="From">What that file holds; null: nothing yet.</param>
/// <param name="Lenient">What a person should look at does not count as wrong.</param>
/// <param name="Json">The result is for machines.</param>
internal sealed record AuditWish(bool Alone, string? Path, AuditCheckpoint? From, bool Lenient, bool Json);
