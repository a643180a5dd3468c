using SwarmPool.Files;

namespace SwarmPool.Plugins;

/// <summary>A setting that stands in a file of its own because there is a secret in it.</summary>
public static class SettingFile
{
    /// <summary>The most bytes that such a file may have: 16,384.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>The lines of the file that are not blank, trimmed; one or more.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The option that names it, for messages.</param>
    /// <exception cref="IOException">It can't be read, is too large, is no UTF-8 text, or has no such line. The message holds nothing of what is in it.</exception>
    public static IReadOnlyList<string> Lines(string path, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        List<string> lines;
        try
        {
            lines = [.. TextFile.Read(path, MaxBytes).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new IOException($"The file {path} ('{key}') can't be read: {fault.Message}", fault);
        }

        return lines.Count > 0 ? lines : throw new IOException($"The file {path} ('{key}') has no line with text in it.");
    }

    /// <summary>The file's first line that is not blank, trimmed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The option that names it, for messages.</param>
    /// <exception cref="IOException">It can't be read, is too large, is no UTF-8 text, or has no such line. The message holds nothing of what is in it.</exception>
    public static string FirstLine(string path, string key) => Lines(path, key)[0];
}
