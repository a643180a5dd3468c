using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Load.Measuring;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.State;

namespace SwarmPool.Benchmarks.Timed;

/// <summary>How long a daemon's restart replays a journal without a copy of the state.</summary>
internal static class ReplayTime
{
    private const int Batch = 1000;
    private const int Rounds = 3;

    public static async Task RunAsync(int records, TextWriter output)
    {
        using var journal = await TemporaryJournal.OpenAsync();
        for (var written = 0; written < records; written += Batch)
        {
            await journal.AppendAsync([.. Enumerable.Range(0, Math.Min(Batch, records - written)).Select(_ => journal.Next())]);
        }

        await output.WriteLineAsync("| records | seconds | CPU seconds | records/s | RSS after MiB |");
        await output.WriteLineAsync("|---|---|---|---|---|");
        for (var round = 0; round < Rounds; round++)
        {
            await output.WriteLineAsync(await MeasureAsync(journal.Journal));
        }
    }

    private static async Task<string> MeasureAsync(IPoolJournal journal)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var begun = Stopwatch.GetTimestamp();
        var restored = await JournalReplay.RestoreAsync(journal, TaskScheduler.Default, NullLogger.Instance, CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        process.Refresh();
        return string.Create(CultureInfo.InvariantCulture,
            $"| {restored.Replayed} | {seconds:F2} | {(process.TotalProcessorTime - cpu).TotalSeconds:F2} | {restored.Replayed / seconds:F0} | {Memory.ResidentMiB:F0} |");
    }
}
