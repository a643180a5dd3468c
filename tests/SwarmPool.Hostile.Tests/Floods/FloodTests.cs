using System.Globalization;
using System.Text.Json.Nodes;
using SwarmPool.EndToEnd.Tests;

namespace SwarmPool.Hostile.Tests.Floods;

/// <summary>
/// Each kind of flood against a real daemon as <c>init</c> makes it, with honest parties beside it: nothing of theirs is lost and the daemon's memory
/// stays bounded. A flood is a process of its own with the least right to the processor: a stranger's machine is his own, and what it does there must
/// not count as the pool's work. Seconds in every run; ten minutes a kind under SWARMPOOL_FULL=1, and then honest work takes at most twice and memory
/// 1.5x of what they take in calm.
/// </summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    /// <summary>What the daemon may take beside what it takes in calm: the tables of docs/limits.md that a flood of seconds can fill, twice.</summary>
    private const double MostMoreMiB = 400;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(Full.Or(3, 60));
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(Full.Or(6, 600));

    [Fact]
    public Task Bytes_said_again() => RunAsync(FloodKind.SaidAgain);

    [Fact]
    public Task Unsigned_claims() => RunAsync(FloodKind.UnsignedClaims);

    [Fact]
    public Task Submit_and_cancel() => RunAsync(FloodKind.SubmitAndCancel);

    [Fact]
    public Task Subscribers_that_read_nothing() => RunAsync(FloodKind.DeafSubscribers);

    [Fact]
    public Task Connections_that_do_nothing() => RunAsync(FloodKind.IdleConnections);

    private async Task RunAsync(FloodKind kind)
    {
        using var folder = await PoolFolder.InitAsync(("checks__on", "false"));
        AddNames(folder.Path("names.json"));
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using var honest = await HonestParties.JoinAsync(folder);
        await honest.WorkAsync(Calm / 3); // Compiled and warm.
        var calm = await MeasureAsync(daemon, () => honest.WorkAsync(Calm));

        Figures hot;
        var job = await honest.WaitingJobAsync();
        await using var flood = FloodProcess.Start(kind, folder, job);
        await FloodProcess.SaysSentAsync(flood);
        try
        {
            hot = await MeasureAsync(daemon, () => honest.WorkAsync(Long));
        }
        catch
        {
            output.WriteLine(string.Join('\n', daemon.Lines.TakeLast(50)));
            throw;
        }

        Assert.False(flood.HasEnded, string.Join('\n', flood.Lines));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"calm  {calm}\nflood {hot}, {FloodProcess.Sent(flood) / Long.TotalSeconds:0} sent a second, {honest.Repeated} said again"));

        // What was lost would never have ended: each job of theirs was done to its accepted proof.
        Assert.False(daemon.HasEnded);
        Assert.NotEmpty(hot.Took);
        Assert.True(hot.MiB < calm.MiB + MostMoreMiB, $"{calm.MiB:0} MiB in calm, {hot.MiB:0} MiB under the flood");
        if (Full.IsAsked)
        {
            Assert.True(hot.P99 <= 2 * calm.P99, $"calm {calm}, flood {hot}");
            Assert.True(hot.MiB <= 1.5 * calm.MiB, $"calm {calm}, flood {hot}");
        }
    }

    private static async Task<Figures> MeasureAsync(RunningProgram daemon, Func<Task<IReadOnlyList<double>>> work)
    {
        using var enough = new CancellationTokenSource();
        var most = 0.0;
        var looking = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                most = Math.Max(most, ResidentMiB(daemon.Id));
                await Task.Delay(100);
            }
        });
        var took = await work();
        await enough.CancelAsync();
        await looking;
        return new Figures([.. took.Order()], most);
    }

    private static double ResidentMiB(int process) => double.Parse(
        File.ReadLines($"/proc/{process}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(':')[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture) / 1024;

    // Names are free: four more, whose keys the flood has.
    private static void AddNames(string file)
    {
        var root = JsonNode.Parse(File.ReadAllText(file))!;
        for (var i = 0; i < Mallory.Names; i++)
        {
            using var signer = Mallory.Signer(i);
            root["names"]![Mallory.Name(i).Text] = new JsonObject { ["accounts"] = new JsonArray(signer.Address.ToString()) };
        }

        File.WriteAllText(file, root.ToJsonString());
    }

    private sealed record Figures(IReadOnlyList<double> Took, double MiB)
    {
        public double P50 => Took[Took.Count / 2];

        public double P99 => Took[Math.Min(Took.Count - 1, Took.Count * 99 / 100)];

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Took.Count} jobs, p50 {P50:0} ms, p99 {P99:0} ms, {MiB:0} MiB");
    }
}
