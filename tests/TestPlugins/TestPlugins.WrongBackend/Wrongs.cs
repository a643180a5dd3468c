using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace TestPlugins.WrongBackend;

/// <summary>What a backend does to its process.</summary>
internal static partial class Wrongs
{
    private const int Stop = 19;

    public static bool AreOff { get; set; }

    public static void Do(string wrong)
    {
        switch (AreOff ? "" : wrong)
        {
            case "fails":
                Environment.FailFast("the moon is wrong");
                break;
            case "exits":
                Environment.Exit(7);
                break;
            case "kills":
                Process.GetCurrentProcess().Kill();
                break;
            case "faults":
                _ = LengthOf(1);
                break;
            case "stops":
                _ = Signal(Environment.ProcessId, Stop);
                break;
            case "recurses":
                _ = Recurse(1);
                break;
            case "loops":
                while (true)
                {
                }

            case "takes":
                Take();
                break;
            case "soon":
                _ = new Timer(static _ => Process.GetCurrentProcess().Kill(), null, 100, Timeout.Infinite);
                break;
            case "prints":
                Print();
                break;
            case "writes":
                Write();
                break;
            default:
                break; // Nothing is wrong.
        }
    }

    private static int Recurse(int depth) => depth < 0 ? depth : Recurse(depth + 1) + 1;

    private static void Take()
    {
        for (var i = 0; i < 4096; i++)
        {
            var taken = Marshal.AllocHGlobal(1 << 20);
            for (var at = 0; at < 1 << 20; at += 4096)
            {
                Marshal.WriteByte(taken, at, 1);
            }
        }

        Thread.Sleep(Timeout.Infinite);
    }

    // As managed and as native code does it.
    private static void Print()
    {
        Console.WriteLine("what a lovely day");
        using var output = Console.OpenStandardOutput();
        output.Write("and what a lovely night\n"u8);
        output.Flush();
        var noise = new byte[100_000];
        Array.Fill(noise, (byte)0xFF);
        for (nint written = 0; written < noise.Length;)
        {
            written += Write(1, noise, noise.Length);
        }
    }

    // Past everything, into what the answers go through: the pipe that this process can only write to, and that is not its error output.
    private static void Write()
    {
        var pipes = Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(static one => (Number: int.Parse(Path.GetFileName(one), CultureInfo.InvariantCulture), Target: new FileInfo(one).LinkTarget ?? ""))
            .Where(static one => one.Target.StartsWith("pipe:", StringComparison.Ordinal))
            .GroupBy(static one => one.Target, StringComparer.Ordinal);
        foreach (var pipe in pipes.Where(static ends => ends.All(static end => end.Number > 2 && IsWritten(end.Number))))
        {
            var noise = "what a lovely day, and what a lovely night"u8.ToArray();
            _ = Write(pipe.First().Number, noise, noise.Length);
        }

        Thread.Sleep(Timeout.Infinite);
    }

    // Opened for writing alone: the last octal digit of its flags is 1.
    private static bool IsWritten(int descriptor) =>
        File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{descriptor}")).Any(static line => line.StartsWith("flags:", StringComparison.Ordinal) && line.EndsWith('1'));

    // Reads where nothing is, in native code.
    [LibraryImport("libc", EntryPoint = "strlen")]
    private static partial nint LengthOf(nint text);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, byte[] bytes, nint count);
}
