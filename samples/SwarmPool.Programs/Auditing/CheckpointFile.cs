using SwarmPool.Core.Auditing;
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
            using (File.Create(Aside(path), 1, FileOptions.DeleteOnClose))
            {
            }

            return File.Exists(path) || Directory.Exists(path) ? AuditCheckpoint.Read(File.ReadAllBytes(path)) : null;
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
            using (var file = File.Create(Aside(path)))
            {
                file.Write(checkpoint.ToBytes().Span);
                file.Flush(flushToDisk: true);
            }

            File.Move(Aside(path), path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unusable(path, e);
        }
    }

    private static string Aside(string path) => path + ".new";

    private static SwarmPoolException Unusable(string path, Exception e) =>
        new(ErrorCodes.ConfigurationInvalid, $"--checkpoint {path} can't be read and written: {e.Message.TrimEnd('.')}. Name a file in a folder that you may write.", e);
}
