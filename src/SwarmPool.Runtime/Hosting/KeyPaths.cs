namespace SwarmPool.Runtime.Hosting;

/// <summary>Where a role's key files lie.</summary>
internal static class KeyPaths
{
    /// <summary>A path of the configuration, relative to its folder; null when there is none.</summary>
    public static string? Under(string baseDirectory, string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path, baseDirectory);
}
