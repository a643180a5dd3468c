using System.Diagnostics;
using System.Globalization;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Load.Driving;
using SwarmPool.Load.Measuring;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Content;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Load.Programs;

/// <summary>How long a stranger needs for a pool's history, beside a loop on one core that recovers its signatures and does nothing else.</summary>
internal static class AuditProgram
{
    private const int Window = 1024;
    private const int Miners = 200;
    private const int Clients = 1000;
    private const int Audits = 5;

    public static async Task RunAsync(int jobs, int epochs, TextWriter output)
    {
        var crowd = new Crowd(SignatureEngines.Best);
        await using var pool = await PoolUnderLoad.StartAsync(crowd, SignatureEngines.Best);
        var messages = new Messages(crowd, TimeProvider.System);
        Rehearsal.Join(pool, messages, Miners);
        Cid last = default;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            await DriverThread.RunAsync(new JobDriver(pool, messages, Rehearsal.Sign(pool, messages, jobs, Clients, Miners), Pace.InFlight(Window)).Drive);
            last = await EndEpochAsync(pool);
        }

        var content = pool.Net.Join().Content;
        var stranger = new PoolAuditor(content, crowd, TimeProvider.System) { Policy = pool.Policy, KeepCheckpoint = true };
        var signed = await SignaturesAsync(content, await stranger.FetchAsync(last));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{epochs} epochs of {jobs} jobs, {signed.Count} signatures, {SignatureEngines.Description}"));
        await output.WriteLineAsync("| audit | records | s | CPU s | µs/record | bare loop s | audit / bare | RSS MiB |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|");
        var ratios = new List<double>();
        for (var round = 0; round <= Audits; round++)
        {
            var bare = Time(() => Recover(signed));
            var (report, seconds, cpu) = await AuditAsync(stranger, last);
            if (round > 0)
            {
                ratios.Add(seconds / bare);
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {(round == 0 ? "warm-up" : round.ToString(CultureInfo.InvariantCulture))} | {report.Records} | {seconds:F2} | {cpu:F2} | {seconds * 1e6 / report.Records:F1} | {bare:F2} | {seconds / bare:F2} | {Memory.ResidentMiB:F0} |"));
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"median of audit / bare: {Figures.Median(ratios):F2}"));
    }

    private static async Task<Cid> EndEpochAsync(PoolUnderLoad pool)
    {
        using var ear = new AnnouncementRecorder(pool.Net);
        await pool.Control.EndEpochAsync(CancellationToken.None);
        while (true)
        {
            switch (ear.Next(TimeSpan.FromSeconds(60)))
            {
                case EpochsSealed sealed_:
                    return sealed_.Items[^1].Cid;
                case null:
                    throw new TimeoutException($"No epoch was sealed. Refused: {pool.Refusals()}");
            }
        }
    }

    private static async Task<(EpochAuditReport Report, double Seconds, double Cpu)> AuditAsync(PoolAuditor stranger, Cid last)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var begun = Stopwatch.GetTimestamp();
        var report = await stranger.AuditHistoryAsync(await stranger.FetchAsync(last));
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        process.Refresh();
        return report.IsRight
            ? (report, seconds, (process.TotalProcessorTime - cpu).TotalSeconds)
            : throw new InvalidOperationException($"The audit found differences: {string.Join("; ", report.Differences.Take(3))}");
    }

    private static async Task<List<(byte[] Hash, byte[] Signature)>> SignaturesAsync(IContentStore content, SignedSnapshot last)
    {
        var signed = new List<(byte[] Hash, byte[] Signature)>();
        var source = new EpochSource(new ContentReader(content, TimeProvider.System));
        for (var epoch = (EpochSnapshot?)last.Body; epoch is not null;)
        {
            var previous = epoch.PreviousEpoch is { } cid ? (await source.EpochAsync(cid, CancellationToken.None)).Body : null;
            var root = previous is null ? JournalHead.Empty.Hash : Convert.FromHexString(previous.JournalRoot);
            await foreach (var stored in new PublishedJournal(epoch, root, new AuditFindings()).ReadAsync(source.JournalAsync(epoch, CancellationToken.None)))
            {
                if (RecordCodec.Decode(stored, withInput: true).Input is MessageInput message)
                {
                    signed.Add(BareRecovery.Prepare(message.Snapshot));
                }
            }

            epoch = previous;
        }

        return signed;
    }

    private static void Recover(List<(byte[] Hash, byte[] Signature)> signed)
    {
        foreach (var (hash, signature) in signed)
        {
            if (!SignatureEngines.Best.TryRecover(hash, signature, out _))
            {
                throw new InvalidOperationException("A signature that the daemon took does not recover.");
            }
        }
    }

    private static double Time(Action work)
    {
        var begun = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
