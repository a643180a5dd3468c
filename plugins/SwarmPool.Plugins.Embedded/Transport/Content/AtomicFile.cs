namespace SwarmPool.Plugins.Embedded.Transport.Content;

/// <summary>Writes a file so that a reader, or a crash, sees the old content or the new, never a part.</summary>
internal static class AtomicFile
{
    /// <summary>How the files being written begin; a crash leaves one behind.</summary>
    public const string Prefix = ".writing-";

    private static long count;

    public static async ValueTask WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken, bool isDurable = true)
    {
        // Process and count make the name: two writers of one content don't write into each other.
        var aside = Path.Combine(Path.GetDirectoryName(path)!, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref count)}");
        try
        {
            await using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: isDurable);
            }

            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
    }
}
