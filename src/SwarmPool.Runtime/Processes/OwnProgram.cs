using System.Reflection;

namespace SwarmPool.Runtime.Processes;

/// <summary>How this program is started once more.</summary>
internal static class OwnProgram
{
    /// <summary>By its own executable, or by <c>dotnet</c> and its assembly where it was started so. Null when it can't be told.</summary>
    /// <param name="argument">The argument by which it knows what it is to be.</param>
    public static (string FileName, string[] Arguments)? With(string argument)
    {
        if (Environment.ProcessPath is not { Length: > 0 } path)
        {
            return null;
        }

        if (!string.Equals(Path.GetFileNameWithoutExtension(path), "dotnet", StringComparison.OrdinalIgnoreCase))
        {
            return (path, [argument]);
        }

        return Assembly.GetEntryAssembly()?.Location is { Length: > 0 } assembly ? (path, [assembly, argument]) : null;
    }
}
