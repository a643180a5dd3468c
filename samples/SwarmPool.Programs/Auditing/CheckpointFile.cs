using SwarmPool.Core.Auditing;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Auditing;

/// <summary>An audit's checkpoint in a file.</summary>
public static class CheckpointFile
{
    /// <summary>The checkpoint; null when there is no such file yet.</summary>
    /// <exception cref="SwarmPoolException">SP3408: it is not a checkpoint. SP1001: the file can't be read, or one could not be written there: better told before an audit than after it.</exception>
    public static AuditCheckpoint? Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            OwnFile.TryBeside(path);
            return Path.Exists(path) ? AuditCheckpoint.Read(RegularFile.ReadAllBytes(path, Array.MaxLength, followsLinks: true)) : null;
        }
        catch (SwarmPoolException unusable)
        {
            throw new SwarmPoolException(unusable.Code, $"{path}: {unusable.Message}", unusable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e);
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    /// <returns>Why it could not be written (SP1001); null when it was.</returns>
    public static SwarmPoolException? TryWrite(string path, AuditCheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(checkpoint);
        try
        {
            OwnFile.Write(path, checkpoint.ToBytes().Span);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unusable(path, e);
        }
    }

    private static SwarmPoolException Unusable(string path, Exception e) =>
        new(ErrorCodes.ConfigurationInvalid, $"--checkpoint {path} can't be read and written: {e.Message.TrimEnd('.')}. Name a file in a folder that you may write.", e);
}
