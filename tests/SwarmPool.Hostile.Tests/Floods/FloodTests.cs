using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SwarmPool.EndToEnd.Tests;
using SwarmPool.Identity;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Hostile.Tests.Floods;

/// <summary>
/// Each kind of flood against a real daemon as <c>init</c> makes it, with honest parties beside it: nothing of theirs is lost and the daemon's memory
/// stays bounded. Seconds in every run; ten minutes a kind under SWARMPOOL_FULL=1, and then honest work is as quick as 2x and memory no more than 1.5x
/// of what they are in calm.
/// </summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    private const string Jobs = "/swarmpool.eth/jobs";
    private const string Claims = "/swarmpool.eth/claims";
    private const string News = "/swarmpool.eth/jobs/new";

    /// <summary>What the daemon may take beside what it takes in calm: the tables of docs/limits.md that a flood of seconds can fill, twice.</summary>
    private const double MostMoreMiB = 400;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(Full.Or(3, 60));
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(Full.Or(6, 600));

    [Fact]
    public Task Bytes_said_again() => RunAsync((flood, port, honest) =>
    {
        for (var i = 0; i < 8; i++)
        {
            var (at, said) = (i, honest.Said.ToArray());
            flood.Publish(port, $"replay{i}", () =>
            {
                if (++at % 1000 == 0)
                {
                    said = honest.Said.ToArray(); // With what they have said since.
                }

                return said[at % said.Length];
            });
        }

        return Task.CompletedTask;
    });

    [Fact]
    public Task Unsigned_claims() => RunAsync(async (flood, port, honest) =>
    {
        var job = await honest.WaitingJobAsync();
        var said = Encoding.UTF8.GetString(honest.Said.First(one => one.Topic == Claims).Bytes.Span);
        var old = JsonNode.Parse(said)!["job_cid"]!.GetValue<string>();
        for (var i = 0; i < 8; i++)
        {
            var (number, begin) = (0, i);
            flood.Publish(port, $"forger{i}", () =>
            {
                // As signed once, for another job and another nonce each time: the form is right, and nobody's signature is.
                var node = JsonNode.Parse(said)!;
                node["job_cid"] = number % 2 == 0 ? job.ToString() : old;
                node["nonce"] = string.Create(CultureInfo.InvariantCulture, $"{begin:x8}{number++:x24}");
                return (Claims, Encoding.UTF8.GetBytes(node.ToJsonString()));
            });
        }
    });

    [Fact]
    public Task Submit_and_cancel() => RunAsync((flood, port, honest) =>
    {
        for (var i = 0; i < 4; i++)
        {
            var (signer, name) = (Mallory(i), NameOf(i));
            SignedSnapshot? submitted = null;
            flood.Publish(port, $"mallory{i}", () =>
            {
                Snapshot body = submitted is null ? NewJob(name) : new CancelSnapshot
                {
                    Pool = RawPeer.Pool,
                    Network = "local",
                    Timestamp = Now,
                    Nonce = Nonce.FromRandom(),
                    Client = name,
                    JobCid = submitted.Cid,
                };
                var signed = SnapshotCodec.SignAsync(body, signer, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                submitted = submitted is null ? signed : null;
                return (Jobs, signed.Bytes);
            });
        }

        return Task.CompletedTask;
    });

    [Fact]
    public Task Subscribers_that_read_nothing() => RunAsync((flood, port, honest) =>
    {
        for (var i = 0; i < 32; i++)
        {
            flood.SubscribeDeaf(port, $"deaf{i}", News, Jobs, Claims);
        }

        // Something for them not to read.
        var large = new byte[200 * 1024];
        flood.Publish(port, "talks", () => (Jobs, large));
        flood.Publish(port, "talks too", () => (Jobs, large));
        return Task.CompletedTask;
    });

    [Fact]
    public Task Connections_that_do_nothing() => RunAsync((flood, port, honest) =>
    {
        flood.Idle(port, 1022);
        return Task.CompletedTask;
    });

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static EnsName NameOf(int i) => EnsName.Parse(string.Create(CultureInfo.InvariantCulture, $"mallory{i}.eth"));

    private static PrivateKeySigner Mallory(int i) => new(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(NameOf(i).Text)), SignatureEngines.Best);

    private static JobSnapshot NewJob(EnsName client) => new()
    {
        Pool = RawPeer.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = Nonce.FromRandom(),
        Client = client,
        JobType = "image-classification",
        Model = "digits-16",
        InputCid = SwarmPool.Transport.Cid.OfBlock("no such input"u8),
        Payment = new JobPayment(Usdc.FromMicro(100_000)),
        Deadline = Now + 86_400,
    };

    private async Task RunAsync(Func<Flood, int, HonestParties, Task> begin)
    {
        using var folder = await PoolFolder.InitAsync();
        AddNames(folder.Path("names.json"));
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using var honest = await HonestParties.JoinAsync(folder);
        await honest.WorkAsync(Calm / 3); // Compiled and warm.
        var calm = await MeasureAsync(daemon, () => honest.WorkAsync(Calm));

        Figures hot;
        await using (var flood = new Flood())
        {
            await begin(flood, new Uri(folder.Url).Port, honest);
            try
            {
                hot = await MeasureAsync(daemon, () => honest.WorkAsync(Long));
            }
            catch
            {
                output.WriteLine(string.Join('\n', daemon.Lines.TakeLast(50)));
                throw;
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"calm  {calm}\nflood {hot}, {flood.Sent / Long.TotalSeconds:0} sent a second, {honest.Repeated} said again"));
        }

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
        for (var i = 0; i < 4; i++)
        {
            using var signer = Mallory(i);
            root["names"]![NameOf(i).Text] = new JsonObject { ["accounts"] = new JsonArray(signer.Address.ToString()) };
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
