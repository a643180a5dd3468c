namespace SwarmPool.Plugins.Redis.Server;

/// <summary>A setting that lies in a file of its own, for the sake of a secret in it.</summary>
internal static class SettingFile
{
    private const int MaxBytes = 16 * 1024;

    /// <summary>The first line of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The option that names it.</param>
    /// <exception cref="IOException">It can't be read, is too large, or empty; the message holds nothing of it.</exception>
    public static string FirstLine(string path, string key)
    {
        try
        {
            if (new FileInfo(path).Length <= MaxBytes && File.ReadLines(path).FirstOrDefault()?.Trim() is { Length: > 0 } line)
            {
                return line;
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"The file {path} ('{key}') can't be read: {e.Message}", e);
        }

        throw new IOException($"The file {path} ('{key}') has no first line, or more than {MaxBytes} bytes.");
    }
}
