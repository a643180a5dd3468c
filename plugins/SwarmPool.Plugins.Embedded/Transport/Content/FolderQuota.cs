using SwarmPool.Files;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport.Content;

/// <summary>
/// Keeps a folder within a size. Other processes write to it too, so the sum is taken anew each minute; between, only
/// what this process adds is known.
/// </summary>
internal sealed class FolderQuota(string folder, long maxBytes, TimeProvider time)
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private long used = -1;
    private long counted;

    /// <exception cref="TransportException">The folder would grow beyond its size.</exception>
    public void Take(long bytes)
    {
        lock (gate)
        {
            if (used < 0 || time.GetElapsedTime(counted) >= CountEvery)
            {
                used = new DirectoryInfo(folder).EnumerateFiles()
                    .Where(static file => !file.Name.StartsWith(OwnFile.AsidePrefix, StringComparison.Ordinal))
                    .Sum(static file => file.Length);
                counted = time.GetTimestamp();
            }

            if (used + bytes > maxBytes)
            {
                throw new TransportException(
                    TransportFault.Unavailable,
                    $"The blocks folder {folder} is full: {used} bytes of {maxBytes} (max_store_bytes). Delete old contents that 'pins' does not name, or raise the limit.");
            }

            used += bytes;
        }
    }
}
