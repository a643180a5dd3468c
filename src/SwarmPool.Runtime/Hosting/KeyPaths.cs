namespace SwarmPool.Runtime.Hosting;

/// <summary>Where a role's key files lie.</summary>
internal static class KeyPaths
{
    /// <summary>A path of the configuration, relative to its folder; null when there is none.</summary>
    public static string? Under(string baseDirectory, string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path, baseDirectory);

    /// <summary>A program of the configuration: a bare name is looked for where programs are, a path is relative to the folder.</summary>
    public static string? Command(string baseDirectory, string? command) =>
        string.IsNullOrEmpty(command) || Path.GetFileName(command) == command ? command : Path.GetFullPath(command, baseDirectory);
}
