namespace SwarmPool.Programs.Composing;

/// <summary>Makes a file that only its owner may read, never over another.</summary>
public static class OwnerFile
{
    /// <summary>Makes the file.</summary>
    /// <exception cref="IOException">There is one, or it can't be made.</exception>
    public static void Create(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
