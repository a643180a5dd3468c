using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Bugs;
using SwarmPool.Simulation.Checks;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Network;
using SwarmPool.Simulation.Parties;
using SwarmPool.Simulation.State;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Simulation;

/// <summary>All that a run is made of, and how its parties are started and end.</summary>
internal sealed class World
{
    public static readonly TimeSpan ClaimTimeout = TimeSpan.FromSeconds(8);

    private readonly List<SimParty> daemons = [];
    private readonly HashSet<Cid> doubted = [];
    private int runs;

    public World(Plan plan, Planted planted, int keep)
    {
        Plan = plan;
        Planted = planted;
        Pump = new Pump(plan.Dice.Fork(), plan.Disorder);
        Self = new SimProcess(Pump, "world");
        Trace = new Trace(() => Pump.Elapsed, keep);
        Network = new SimNetwork(Pump, Self, Trace, plan.Dice.Fork());
        Journal = new JournalOracle(Pump, planted.Decide);
        Spoken = new SpokenOracle(Pump, Disk, Journal);
        Disk.Mistake = planted.Bug;
        Disk.Written += Journal.Read;
        Disk.Broken += Pump.Problem;
        Store = new StoreTrouble(Pump, new SimProcess(Pump, "store"), plan.StoreDice, plan, () => IsTroubled);
        Network.Sent += (from, _, payload) => Hear(from, payload);
        Network.Stored += (by, bytes) => See(by, bytes);
    }

    public Plan Plan { get; }

    public Planted Planted { get; }

    public Pump Pump { get; }

    public SimProcess Self { get; }

    public Trace Trace { get; }

    public SimNetwork Network { get; }

    public SimDisk Disk { get; } = new();

    /// <summary>The way to the disk.</summary>
    public StoreTrouble Store { get; }

    public JournalOracle Journal { get; }

    public SpokenOracle Spoken { get; }

    public bool IsTroubled { get; set; } = true;

    public bool IsOver { get; set; }

    /// <summary>The daemon that leads, else the one that was started last.</summary>
    public SimParty? Daemon => daemons.FindLast(d => !d.Process.IsDead && Disk.IsHolder(d.Process)) ?? daemons.LastOrDefault();

    /// <summary>How often the daemon is yet to die at one of its writes.</summary>
    public int DeathsLeft { get; set; }

    /// <summary>Any daemon that runs, one that stands by too.</summary>
    public SimParty? AnyDaemon(Dice dice) => daemons.FindAll(d => !d.Ended.IsCompleted) is { Count: > 0 } alive ? dice.Of(alive) : null;

    /// <summary>Runs one daemon after the other, as a supervisor does.</summary>
    public async Task SuperviseDaemonAsync(Dice dice, Func<bool> more)
    {
        do
        {
            var run = ++runs;
            var name = Cast.Pool.Text;
            var process = new SimProcess(Pump, name, Plan.Calm ? default : dice.Span(0, SimTime.MostSkew.TotalSeconds));
            SimParty? party = null;
            var inner = new SimJournal(
                Disk, Store, Pump, process, dice.Fork(), Trace, () => IsTroubled && !Plan.Calm && dice.Chance(0.2), () => Strike(dice), () => KillDaemon(party!, dice),
                Plan.Lease, what => Journal.Seen.Add(what));
            var transport = Planted.Transport(new SimTransport(Network, Pump, process));
            party = SimParty.Create(process, $"daemon {run}", Planted.Signer(Cast.KeyOf(Cast.Pool)), Planted.Names(new SimNames()), transport, new SimLog(Pump, Trace, name), builder =>
            {
                builder.Services.AddSingleton(new DecideFunction(Planted.Decide));
                builder.Fill<IPoolJournal>("the simulated disk", _ => Planted.Journal(inner));
                builder.Fill<ISettlementPolicy>("75/25", _ => Planted.Policy(SimPolicy.Create()));
                builder.Fill<IProofVerifier>("the simulated verifier", _ => new SimVerifier(Plan.Miners > 2 ? dice.Fork() : null, doubted));
                builder.AddDaemon(o =>
                {
                    o.PoolEns = Cast.Pool.Text;
                    o.Standby = Plan.Standbys > 0;
                    o.LeaseSeconds = (int)Plan.Lease.TotalSeconds;
                    o.Instance = $"daemon {run}";
                    o.ClaimTimeoutSeconds = (int)ClaimTimeout.TotalSeconds;
                    o.EpochDurationSeconds = (int)Plan.Epoch.TotalSeconds;
                    o.MaxAttempts = Plan.MaxAttempts;
                    o.CoolDownSeconds = 2;
                    o.MinJobAmount = "0.000001";
                    o.ClaimsPerMiner = 2;
                    o.FetchSeconds = 5;
                    o.StateSeconds = 5;
                    o.MaxAttemptSeconds = 120;
                });
            });
            daemons.Add(party);
            await party.StartAsync();
            await party.Ended;
            CheckEnding(party);
            await Task.Delay(dice.Span(0.2, 4), Self.Time);
        }
        while (!IsOver && more());
    }

    /// <summary>Stops what still runs in good order, so that it saves its state.</summary>
    public async Task StopDaemonsAsync()
    {
        foreach (var party in daemons.FindAll(d => !d.Ended.IsCompleted && d.IsStarted))
        {
            await party.StopAsync();
        }
    }

    public void KillDaemon(SimParty party, Dice dice)
    {
        if (party.Process.IsDead)
        {
            return;
        }

        Trace.Note($"the daemon dies (record {Disk.Head.Sequence})");
        party.Kill();
        if (Plan.Standbys > 0 && !Disk.IsHolder(party.Process))
        {
            return; // Nothing of the disk was in its hands.
        }

        Disk.Crash(dice.Below);
        Planted.Crash(Disk, Network);
        if (!Plan.LeaseOutlivesCrash)
        {
            Disk.Free();
        }
    }

    public SimParty CreateMiner(EnsName name, int run, Dice dice, TimeSpan skew)
    {
        var process = new SimProcess(Pump, name.Text, skew);
        return SimParty.Create(process, $"{name} {run}", Cast.KeyOf(name), new SimNames(), new SimTransport(Network, Pump, process), new SimLog(Pump, Trace, process.Name), builder =>
        {
            var backend = new SimBackend(process, dice, () => IsTroubled ? Plan.BackendFails : 0, Plan.Runs);
            builder.Services.AddSingleton(Planted.Clock(process.Time));
            builder.Fill<IInferenceBackend>("the simulated backend", _ => backend);
            builder.AddMiner(o =>
            {
                o.MinerEns = name.Text;
                o.PoolEns = Cast.Pool.Text;
                o.Mode = name == Cast.Miners[0] ? MiningMode.SOLO : MiningMode.PPS;
                o.ParallelJobs = 1;
                o.DrainSeconds = 1;
            });
        });
    }

    public SimParty CreateClient(TimeSpan skew)
    {
        var process = new SimProcess(Pump, Cast.Client.Text, skew);
        return SimParty.Create(process, "client", Cast.KeyOf(Cast.Client), new SimNames(), new SimTransport(Network, Pump, process), new SimLog(Pump, Trace, process.Name), builder => builder.AddClient(o =>
        {
            o.ClientEns = Cast.Client.Text;
            o.PoolEns = Cast.Pool.Text;
        }));
    }

    /// <summary>How far off a party's clock is: up to half a minute.</summary>
    public TimeSpan Skew(Dice dice) => Plan.Calm ? default : TimeSpan.FromSeconds(dice.Between(-30, 30));

    /// <summary>Starts something beside the story; what it throws is a problem.</summary>
    public void Start(Func<Task> work) => _ = WatchAsync(Self.RunAsync(work));

    public Task WaitAsync(TimeSpan time) => time > TimeSpan.Zero ? Task.Delay(time, Self.Time) : Task.CompletedTask;

    private async Task WatchAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e)
        {
            Pump.Problem($"the world broke: {e}");
        }
    }

    private CrashPoint Strike(Dice dice)
    {
        if (DeathsLeft <= 0 || !IsTroubled || !dice.Chance(0.04))
        {
            return CrashPoint.None;
        }

        DeathsLeft--;
        return dice.Below(5) switch { 0 => CrashPoint.Refused, < 3 => CrashPoint.Before, _ => CrashPoint.After };
    }

    // A daemon may be killed, and it may find that another leads or that the disk is full. Anything else is a fault of its own.
    private void CheckEnding(SimParty party)
    {
        if (party.WasKilled || IsOver)
        {
            return;
        }

        var fault = party.Fault ?? party.Log.Fault;
        Trace.Note($"the daemon ends by itself: {fault?.Message}");
        Journal.Seen.Add(fault is SwarmPoolException { Code: ErrorCodes.LeaseLost } ? "lease_lost" : "daemon_ended");
        if (fault is not SwarmPoolException { Code: ErrorCodes.JournalHeld or ErrorCodes.LeaseLost } && !IsDiskFull(fault) && !IsOrdinary(fault))
        {
            Pump.Problem($"the daemon ended by itself: {fault}");
        }

        party.Process.Kill();
    }

    // By its code alone it would pass for an append that does not follow the journal's head, which no leader may try.
    private static bool IsDiskFull(Exception? fault) =>
        fault is SwarmPoolException { Code: ErrorCodes.JournalAppendFailed, InnerException: JournalException { Fault: JournalFault.NoRoom } };

    private bool IsOrdinary(Exception? fault) =>
        (fault is TransportException && IsTroubled) || (fault is SwarmPoolException { Code: ErrorCodes.JournalUnreadable } && Store.IsPlanned);

    private void Hear(SimProcess from, ReadOnlyMemory<byte> payload)
    {
        if (from.Name == Cast.Pool.Text)
        {
            Spoken.Hear(from, payload);
        }
    }

    private void See(string by, ReadOnlyMemory<byte> bytes)
    {
        if (by == Cast.Pool.Text)
        {
            Spoken.See(bytes);
        }
    }
}
