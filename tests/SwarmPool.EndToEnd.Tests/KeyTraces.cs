using System.Text;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>Looks for keys where none may be.</summary>
internal static class KeyTraces
{
    /// <summary>What a running program was started with, as every user of the machine can read it.</summary>
    public static void NotInCommandLine(RunningProgram program, IEnumerable<string> keys) =>
        NotIn(File.ReadAllBytes($"/proc/{program.Id}/cmdline"), $"the command line of {program.Name}", keys);

    /// <summary>Everything that a program printed, logs with it.</summary>
    public static void NotPrinted(RunningProgram program, IEnumerable<string> keys)
    {
        Assert.NotEmpty(program.Lines);
        NotIn(Encoding.UTF8.GetBytes(string.Join('\n', program.Lines)), $"what {program.Name} printed", keys);
    }

    /// <summary>Every file below a folder but key files: journal, contents, drafts, configurations.</summary>
    /// <returns>How many files were looked at.</returns>
    public static int NotBelow(string folder, IReadOnlyCollection<string> keys)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".key", StringComparison.Ordinal)).ToList();
        foreach (var file in files)
        {
            NotIn(File.ReadAllBytes(file), file, keys);
        }

        return files.Count;
    }

    private static void NotIn(byte[] bytes, string where, IEnumerable<string> keys)
    {
        var text = Encoding.Latin1.GetString(bytes);
        foreach (var key in keys)
        {
            var raw = Convert.FromHexString(key);
            Assert.False(
                text.Contains(key, StringComparison.OrdinalIgnoreCase) || text.Contains(Convert.ToBase64String(raw), StringComparison.Ordinal) || bytes.AsSpan().IndexOf(raw) >= 0,
                $"A key is in {where}.");
        }
    }
}
