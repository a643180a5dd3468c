using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Auditing;

/// <summary>An audit's checkpoint in a file.</summary>
internal static class CheckpointFile
{
    /// <summary>The checkpoint; null when there is no such file yet.</summary>
    /// <exception cref="SwarmPoolException">SP3408: it is none.</exception>
    public static AuditCheckpoint? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return AuditCheckpoint.Read(File.ReadAllBytes(path));
        }
        catch (SwarmPoolException unusable)
        {
            throw new SwarmPoolException(unusable.Code, $"{path}: {unusable.Message}", unusable);
        }
    }

    /// <summary>Writes it, whole or not at all.</summary>
    public static void Write(string path, AuditCheckpoint checkpoint)
    {
        var aside = path + ".new";
        using (var file = File.Create(aside))
        {
            file.Write(checkpoint.ToBytes().Span);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
    }
}
