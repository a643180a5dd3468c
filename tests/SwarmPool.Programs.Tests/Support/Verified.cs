using System.Runtime.CompilerServices;

namespace SwarmPool.Programs.Tests.Support;

/// <summary>
/// Compares a text with the verified one in Snapshots/. A difference, or a text that was never verified, fails and leaves
/// a *.received.txt beside it: look at it, and rename it to *.verified.txt when it is right.
/// </summary>
internal static class Verified
{
    public static void Matches(string text, string variant = "", [CallerMemberName] string test = "")
    {
        var path = Path.Combine(Folder, variant.Length == 0 ? test : $"{test}.{variant}");
        var received = string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n') + "\n";
        var verified = File.Exists(path + ".verified.txt") ? File.ReadAllText(path + ".verified.txt") : "";
        if (received != verified)
        {
            File.WriteAllText(path + ".received.txt", received);
        }

        Assert.Equal(verified, received);
    }

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    private static string Folder { get; } = Path.Combine(Root, "tests", "SwarmPool.Programs.Tests", "Snapshots");

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SwarmPool.Framework.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
        }

        return folder;
    }
}
