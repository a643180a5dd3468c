using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SwarmPool.Runtime.Processes;

/// <summary>This process's standard output for itself alone: whoever writes there afterwards, native code too, writes to the error output.</summary>
internal static partial class OwnOutput
{
    private const int Output = 1;
    private const int Error = 2;
    private const int DuplicateAndCloseOnExec = 1030; // F_DUPFD_CLOEXEC
    private const int WindowsOutput = -11;
    private const int WindowsError = -12;

    /// <summary>Takes it; once.</summary>
    /// <exception cref="IOException">It can't be taken.</exception>
    public static Stream Take()
    {
        if (OperatingSystem.IsWindows())
        {
            var own = Console.OpenStandardOutput(); // Keeps its handle, whatever is the standard one afterwards.
            return SetStdHandle(WindowsOutput, GetStdHandle(WindowsError)) && RedirectOfRuntime(Error, Output) == 0 ? own : throw new IOException("The standard output can't be taken.");
        }

        // What the backend itself starts must not hold it open.
        var taken = OperatingSystem.IsLinux() ? Control(Output, DuplicateAndCloseOnExec, Error + 1) : Duplicate(Output);
        if (taken < 0 || Redirect(Error, Output) < 0)
        {
            throw new IOException("The standard output can't be taken.");
        }

        var handle = new SafeFileHandle(taken, ownsHandle: true); // Open already: it makes no file.
        return new FileStream(handle, FileAccess.Write, bufferSize: 0);
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Redirect(int from, int to);

    [LibraryImport("ucrtbase", EntryPoint = "_dup2")]
    private static partial int RedirectOfRuntime(int from, int to);

    [LibraryImport("kernel32")]
    private static partial nint GetStdHandle(int which);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetStdHandle(int which, nint handle);
}
