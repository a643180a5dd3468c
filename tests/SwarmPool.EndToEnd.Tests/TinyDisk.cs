using System.Diagnostics;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A disk of a few hundred kilobytes: a tmpfs of its own, where this user may mount one.</summary>
internal sealed class TinyDisk : IDisposable
{
    private TinyDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Null, and the reason, where mounting is not permitted.</summary>
    public static TinyDisk? TryMount(string path, string options, out string why)
    {
        Directory.CreateDirectory(path);
        why = Run("-t", "tmpfs", "-o", options, "tmpfs", path);
        return why.Length == 0 ? new TinyDisk(path) : null;
    }

    /// <summary>Makes it larger, or read-only.</summary>
    public void Remount(string options)
    {
        var why = Run("-o", "remount," + options, Path);
        Assert.True(why.Length == 0, why);
    }

    public void Dispose() => Start("umount", "-l", Path);

    private static string Run(params string[] arguments) => Start("mount", arguments);

    private static string Start(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {said.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return $"there is no {program} here: {missing.Message}";
        }
    }
}
