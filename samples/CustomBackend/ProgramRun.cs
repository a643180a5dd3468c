using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using SwarmPool.Inference;

namespace CustomBackend;

/// <summary>
/// One process for one job, in an empty folder of its own and with no environment but PATH: what the miner knows (keys in
/// variables among it) is not the program's business. It is killed with all it started when it ends badly.
/// </summary>
internal sealed class ProgramRun(string model, string executable, ProgramModel program, TimeProvider time)
{
    private const int MaxComplaint = 500;

    /// <summary>Runs it to its end. A line "progress N" on its stderr is told to <paramref name="progress"/>.</summary>
    public async Task<ReadOnlyMemory<byte>> RunAsync(ReadOnlyMemory<byte> input, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(program.TimeLimitSeconds), time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var folder = Directory.CreateTempSubdirectory("swarmpool-program-");
        try
        {
            using var process = Start(folder.FullName);
            try
            {
                progress?.Report(0);
                var complaint = ListenAsync(process.StandardError, progress, ending.Token);
                var feeding = FeedAsync(process.StandardInput.BaseStream, input, ending.Token);
                var output = await ReadAsync(process.StandardOutput.BaseStream, ending.Token);
                await process.WaitForExitAsync(ending.Token);
                await feeding;
                return process.ExitCode == 0 && output.Length > 0
                    ? output
                    : throw new InferenceException(
                        $"The program of \"{model}\" ended with {process.ExitCode} and {output.Length} bytes of output: {await complaint}");
            }
            finally
            {
                Kill(process);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InferenceException($"The program of \"{model}\" ran longer than {program.TimeLimitSeconds} s (time_limit_seconds) and was killed.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Process Start(string folder)
    {
        var start = new ProcessStartInfo(executable, program.Arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception fault)
        {
            throw new InferenceException($"The program of \"{model}\" can't be started: {executable}: {fault.Message}. Fix its mode, or the option executable.", fault);
        }
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    private static async Task FeedAsync(Stream stdin, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await using (stdin)
            {
                await stdin.WriteAsync(input, cancellationToken);
            }
        }
        catch (IOException)
        {
            // It closed its stdin early: it has read what it wants, and its exit code says whether that was well.
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stdout, CancellationToken cancellationToken)
    {
        var output = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stdout.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (output.Length + read > program.MaxOutputBytes)
            {
                throw new InferenceException($"The program of \"{model}\" wrote more than {program.MaxOutputBytes} bytes (max_output_bytes) and was killed.");
            }

            output.Write(buffer, 0, read);
        }

        return output.ToArray();
    }

    private static async Task<string> ListenAsync(StreamReader stderr, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var complaint = new StringBuilder();
        var buffer = new char[1024];
        var line = new StringBuilder();
        try
        {
            while (await stderr.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                complaint.Append(buffer, 0, Math.Min(read, MaxComplaint - complaint.Length));
                foreach (var c in buffer.AsSpan(0, read))
                {
                    if (c != '\n')
                    {
                        line.Append(line.Length < 32 ? c : "");
                        continue;
                    }

                    Tell(line.ToString(), progress);
                    line.Clear();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends, and says why by itself.
        }

        return complaint.ToString().Trim();
    }

    private static void Tell(string line, IProgress<int>? progress)
    {
        if (line.StartsWith("progress ", StringComparison.Ordinal)
            && int.TryParse(line.AsSpan(9), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= 100)
        {
            progress?.Report(percent);
        }
    }
}
