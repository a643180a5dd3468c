using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Demo;

/// <summary>
/// The whole journey, told: a pool opens, four miners join, a client asks what is in twenty pictures and what five sums
/// are, one miner dies at work, the epoch is sealed, and a stranger recomputes who is paid.
/// </summary>
internal sealed class DemoRun(DemoFolder folder, DemoScreen screen)
{
    private const string Pictures = "SwarmPool.Plugins.Onnx";
    private const string Texts = "SwarmPool.Plugins.Llama";

    private static readonly EnsName Pool = EnsName.Parse("swarmpool.eth");
    private static readonly EnsName Alice = EnsName.Parse("miner.alice.eth");
    private static readonly EnsName Bob = EnsName.Parse("miner.bob.eth");
    private static readonly EnsName Carol = EnsName.Parse("miner.carol.eth");
    private static readonly EnsName Dora = EnsName.Parse("miner.dora.eth");
    private static readonly EnsName Clinic = EnsName.Parse("clinic.clientswarm.eth");

    public async Task<DemoResult> RunAsync(CancellationToken cancellationToken)
    {
        var signers = folder.MakeNames([Pool, Alice, Bob, Carol, Dora, Clinic]);
        var hosts = new DemoHosts(folder.Root);
        var watch = new DemoWatch(screen);
        var mortal = new MortalMiner();

        screen.Title("A pool opens");
        using var pool = BuildPool(hosts, signers[Pool], watch);
        using var alice = BuildMiner(hosts, Pictures, Alice, MiningMode.SOLO, signers[Alice], null);
        using var bob = BuildMiner(hosts, Pictures, Bob, MiningMode.SOLO, signers[Bob], mortal);
        using var carol = BuildMiner(hosts, Pictures, Carol, MiningMode.PPS, signers[Carol], null);
        using var dora = BuildMiner(hosts, Texts, Dora, MiningMode.SOLO, signers[Dora], null);
        using var clinic = BuildClient(hosts, signers[Clinic]);
        await pool.StartAsync(cancellationToken);
        await Task.WhenAll(new[] { alice, bob, carol, dora, clinic }.Select(host => host.StartAsync(cancellationToken)));
        await watch.AllJoined.WaitAsync(cancellationToken);

        screen.Title($"{DemoJobs.Pictures} pictures and {DemoJobs.Sums} sums, four miners, one of which will die at work");
        var burial = BuryAsync(mortal, bob, cancellationToken);
        var (answered, correct) = await AskAsync(clinic.Services.GetRequiredService<PoolClient>(), cancellationToken);
        await burial;

        screen.Title("The epoch is sealed");
        await pool.Services.GetRequiredService<DaemonControl>().EndEpochAsync(cancellationToken);
        var epoch = await watch.FirstSealed.WaitAsync(cancellationToken);
        var audit = await RecomputeAsync(pool.Services, epoch, cancellationToken);
        await Task.WhenAll(new[] { alice, carol, dora, clinic }.Select(host => host.StopAsync(cancellationToken)));
        await pool.StopAsync(cancellationToken);
        return Result(epoch, answered, correct, watch.Requeued, audit);
    }

    private static IHost BuildPool(DemoHosts hosts, ISigner signer, DemoWatch watch)
    {
        var builder = hosts.Party(signer, "SwarmPool.Plugins.Settlement7525");
        builder.Services.AddSingleton<IDaemonObserver>(watch);
        return builder.AddDaemon(o =>
        {
            o.PoolEns = Pool.Text;
            o.ClaimTimeoutSeconds = 3;
            o.StateSeconds = 1;
        }).Build();
    }

    private static IHost BuildMiner(DemoHosts hosts, string backend, EnsName name, MiningMode mode, ISigner signer, MortalMiner? mortal)
    {
        var builder = hosts.Party(signer, backend);
        mortal?.Wire(builder);
        return builder.AddMiner(o =>
        {
            o.MinerEns = name.Text;
            o.PoolEns = Pool.Text;
            o.Mode = mode;
            o.DrainSeconds = 0;
        }).Build();
    }

    private static IHost BuildClient(DemoHosts hosts, ISigner signer) => hosts.Party(signer).AddClient(o =>
    {
        o.ClientEns = Clinic.Text;
        o.PoolEns = Pool.Text;
    }).Build();

    private async Task BuryAsync(MortalMiner mortal, IHost host, CancellationToken cancellationToken)
    {
        await mortal.Died.WaitAsync(cancellationToken);
        screen.Trouble("miner", $"{Bob} dies in the middle of a job; nothing more is heard of it");
        await host.StopAsync(cancellationToken);
    }

    private async Task<(int Answered, int Correct)> AskAsync(PoolClient client, CancellationToken cancellationToken)
    {
        var asked = new List<(DemoJob Job, JobHandle Handle)>();
        foreach (var job in DemoJobs.All())
        {
            asked.Add((job, await client.SubmitAsync(job.Spec, cancellationToken)));
        }

        var answered = 0;
        var correct = 0;
        foreach (var (job, handle) in asked)
        {
            var result = await handle.Completion.WaitAsync(cancellationToken);
            var answer = DemoJobs.Answer(result.Output);
            answered++;
            correct += answer == job.Right ? 1 : 0;
            screen.Client($"{handle.JobCid.ToShortString()} answered by {result.Miner}: {job.Told} {answer}");
        }

        return (answered, correct);
    }

    /// <summary>What anyone can do who has the epoch's CID: fetch all that it stands on, and decide and settle it again.</summary>
    private static async Task<IReadOnlyList<string>> RecomputeAsync(IServiceProvider services, SealedEpoch epoch, CancellationToken cancellationToken)
    {
        var published = new PoolAuditor(
            services.GetRequiredService<ITransport>().Content, services.GetRequiredService<IIdentityProvider>(), TimeProvider.System)
        {
            Policy = services.GetRequiredService<ISettlementPolicy>(),
        };
        var report = await published.AuditHistoryAsync(await published.FetchAsync(epoch.Cid, cancellationToken), cancellationToken: cancellationToken);
        return [.. report.Differences.Select(static difference => difference.ToString())];
    }

    private static DemoResult Result(SealedEpoch epoch, int answered, int correct, int requeued, IReadOnlyList<string> audit)
    {
        var settled = epoch.Epoch.Settlements;
        return new DemoResult
        {
            Jobs = DemoJobs.Pictures + DemoJobs.Sums,
            Answered = answered,
            Correct = correct,
            Requeued = requeued,
            Epoch = epoch.Cid.ToString(),
            Audit = audit,
            Settlement = new DemoSettlement(
                settled.TotalVolume.ToString(),
                settled.HiveOps.ToString(),
                settled.Operations.Miner.Text,
                settled.Operations.Address.ToString(),
                [.. epoch.Payouts.Select(p => new DemoPayout(p.Miner.Text, p.Address.ToString(), p.Amount.ToString()))]),
        };
    }
}
