using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Programs.Miner.Screens;

/// <summary>
/// Tells how a pack is published, fetched or hashed: by a bar on a terminal, else by a line each few seconds on standard error, or by events for machines.
/// </summary>
internal sealed class PackScreen : IAsyncDisposable
{
    private readonly ProgramContext context;
    private readonly string what;
    private readonly Printer printer;
    private readonly EventWriter? events;

    /// <param name="context">The program's surroundings.</param>
    /// <param name="what">What is done, e.g. "fetching".</param>
    /// <param name="json">Whether it is told to machines.</param>
    public PackScreen(ProgramContext context, string what, bool json)
    {
        (this.context, this.what) = (context, what);
        printer = new Printer(count => context.Error.Line($"{count} events were not shown: the output is too slow.", Tone.Warn));
        events = json ? new EventWriter(context.Out, printer, context.Time) : null;
    }

    public async Task<T> RunAsync<T>(Func<IProgress<PackProgress>, Task<T>> work)
    {
        if (events is not null)
        {
            return await work(new EventProgress(events, context.Time));
        }

        return context.Screen.IsLive
            ? await context.Screen.WithBarAsync(show => work(new BarProgress(show)))
            : await work(new SlowProgress<PackProgress>(context, Text));
    }

    public void Added(AddedPack added)
    {
        if (events is not null)
        {
            events.Write("added", new { added.Cid, added.Pack.Name, files = added.Pack.Files.Count, bytes = added.Pack.TotalBytes, added.Folder });
            return;
        }

        context.Screen.Line($"✓ {added.Pack.Name}: {Counted.Of(added.Pack.Files.Count, "file")}, {ByteCount.Of(added.Pack.TotalBytes)}, published as", Tone.Good, hang: 2);
        context.Screen.Whole($"  {added.Cid}");
        if (added.Folder is null)
        {
            context.Screen.Line("  It is not in the models folder: a miner here offers it after 'swarm-miner models pull'.", Tone.Dim);
        }
    }

    public void Pulled(LocalPack local)
    {
        if (events is not null)
        {
            events.Write("pulled", ModelsScreen.Item(local));
            return;
        }

        context.Screen.Line($"✓ {local.Pack.Name}: {Counted.Of(local.Pack.Files.Count, "file")}, {ByteCount.Of(local.Pack.TotalBytes)}, in {local.Folder}", Tone.Good, hang: 2);
    }

    public void Verified(LocalPack local, IReadOnlyList<Refusal> differences)
    {
        if (events is not null)
        {
            events.Write("verified", new { local.Cid, local.Pack.Name, right = differences.Count == 0, differences });
            return;
        }

        context.Screen.Line(
            differences.Count == 0 ? $"✓ {local.Pack.Name} is what its pack says." : $"✗ {local.Pack.Name} ({local.Cid}) is not what its pack says:",
            differences.Count == 0 ? Tone.Good : Tone.Bad,
            hang: 2);
        foreach (var difference in differences)
        {
            context.Screen.Line($"    {difference}", Tone.Bad, hang: 6);
        }
    }

    /// <summary>What came of a pack's golden vectors.</summary>
    public void Vectors(LocalPack local, IReadOnlyList<Refusal> differences)
    {
        if (events is not null)
        {
            events.Write("vectors", new { local.Cid, local.Pack.Name, vectors = local.Pack.GoldenVectors.Count, right = differences.Count == 0, differences });
            return;
        }

        context.Screen.Line(
            differences.Count == 0 ? $"✓ {local.Pack.Name} gives what its golden vectors say ({local.Pack.GoldenVectors.Count})." : $"✗ {local.Pack.Name} ({local.Cid}) does not give what its golden vectors say:",
            differences.Count == 0 ? Tone.Good : Tone.Bad,
            hang: 2);
        foreach (var difference in differences)
        {
            context.Screen.Line($"    {difference}", Tone.Bad, hang: 6);
        }
    }

    /// <summary>No backend is configured that could run them.</summary>
    public void VectorsNotRun(LocalPack local)
    {
        if (events is not null)
        {
            events.Write("vectors_not_run", new { local.Cid, local.Pack.Name, vectors = local.Pack.GoldenVectors.Count });
            return;
        }

        context.Screen.Line($"  The configuration has no backend: {Counted.Of(local.Pack.GoldenVectors.Count, "golden vector")} of {local.Pack.Name} not run.", Tone.Dim, hang: 2);
    }

    public void Nothing(ModelFolder folder)
    {
        if (events is null)
        {
            context.Screen.Line($"No pack is in {folder.Path}.");
        }
    }

    public ValueTask DisposeAsync() => printer.DisposeAsync();

    private static double Part(PackProgress progress) => progress.TotalBytes > 0 ? (double)progress.Bytes / progress.TotalBytes : 1;

    private string Text(PackProgress progress) => FormattableString.Invariant(
        $"{what} {progress.File} ({progress.Number} of {progress.Files}): {ByteCount.Of(progress.Bytes)} of {ByteCount.Of(progress.TotalBytes)}{(progress.FoundBytes > 0 ? $", {ByteCount.Of(progress.FoundBytes)} were here" : "")}");

    // Called by one loop.
    private sealed class BarProgress(Action<string, double> show) : IProgress<PackProgress>
    {
        public void Report(PackProgress value) => show(value.File, Part(value));
    }

    // The first of each file, and one a second.
    private sealed class EventProgress(EventWriter events, TimeProvider time) : IProgress<PackProgress>
    {
        private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

        private long last;
        private int number;

        public void Report(PackProgress value)
        {
            if (value.Number != number || time.GetElapsedTime(last) >= Between || value.Bytes == value.TotalBytes)
            {
                (last, number) = (time.GetTimestamp(), value.Number);
                events.Write("progress", value);
            }
        }
    }
}
