using SwarmPool.Identity;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Network;
using SwarmPool.Simulation.Parties;

namespace SwarmPool.Simulation;

/// <summary>What goes wrong in a schedule until it heals: weather, cuts, deaths, and daemons that stand still.</summary>
internal sealed class Troubles(World world)
{
    private readonly List<SimParty> miners = [];

    /// <summary>Runs one miner after the other under a name, as a supervisor does.</summary>
    public async Task KeepMinerAsync(EnsName name, Dice own)
    {
        for (var run = 1; !world.IsOver; run++)
        {
            var miner = world.CreateMiner(name, run, own.Fork(), world.Skew(own));
            if (await miner.StartAsync())
            {
                miners.Add(miner);
            }

            await miner.Ended;
            await world.WaitAsync(own.Span(0.1, 5));
        }
    }

    public async Task RunAsync(Dice own)
    {
        var plan = world.Plan;
        var deaths = plan.MinerDeaths;
        var pauses = plan.Pauses;
        var cuts = plan.Cuts;
        var outages = plan.Outages;
        while (world.IsTroubled && !plan.Calm)
        {
            world.Network.Weather = Plan.NextWeather(own);
            await world.WaitAsync(own.Span(2, 10));
            if (!world.IsTroubled)
            {
                return;
            }

            if (cuts > 0 && own.Chance(0.4))
            {
                cuts--;
                world.Start(() => CutAsync(own.Of([Cast.Pool.Text, Cast.Client.Text, Cast.Miners[0].Text]), own.Span(2, 20)));
            }

            if (deaths > 0 && own.Chance(0.4) && miners.FindAll(m => !m.Ended.IsCompleted) is { Count: > 0 } alive)
            {
                deaths--;
                world.Trace.Note("a miner dies");
                own.Of(alive).Kill();
            }

            if (outages > 0 && own.Chance(0.4))
            {
                outages--;
                var time = own.Span(0.5, 2 * plan.Lease.TotalSeconds);
                world.Trace.Note($"the store is out of reach for {time.TotalSeconds:0.0} s");
                world.Store.GoDown(time);
            }

            if (pauses > 0 && own.Chance(0.4))
            {
                pauses--;
                world.Start(() => PauseAsync(own.Fork()));
            }
            else if (world.DeathsLeft > 0 && own.Chance(0.2) && Victim(own) is { } daemon)
            {
                world.DeathsLeft--;
                world.KillDaemon(daemon, own);
            }
        }
    }

    /// <summary>The clock of the daemon that leads is minutes or hours off, and right again before that is believed.</summary>
    public async Task JumpClocksAsync(Dice own)
    {
        for (var left = world.Plan.Jumps; left > 0; left--)
        {
            await world.WaitAsync(own.Span(2, 15));
            if (!world.IsTroubled || world.Daemon is not { IsStarted: true } daemon || daemon.Ended.IsCompleted)
            {
                continue;
            }

            var by = own.Span(60, 7200) * (own.Chance(0.5) ? 1 : -1);
            world.Trace.Note($"the daemon's clock is {by.TotalSeconds:0} s off");
            world.Journal.Seen.Add("clock_jumped");
            daemon.Process.Time.Off = by;
            await world.WaitAsync(own.Span(0.1, 1.5));
            daemon.Process.Time.Off = TimeSpan.Zero;
        }
    }

    // Of several daemons mostly the one that leads.
    private SimParty? Victim(Dice own) => world.Plan.Standbys > 0 && own.Chance(0.2) ? world.AnyDaemon(own) : world.Daemon;

    private async Task CutAsync(string node, TimeSpan time)
    {
        world.Network.CutOff(node);
        await world.WaitAsync(time);
        world.Network.Heal(node);
    }

    /// <summary>The daemon stands still for longer than its lease; another may take over meanwhile, and then it goes on as if nothing had been.</summary>
    private async Task PauseAsync(Dice own)
    {
        if (Victim(own) is not { } sleeper || sleeper.Ended.IsCompleted)
        {
            return;
        }

        world.Trace.Note("the daemon stands still");
        sleeper.Process.Pause();
        var other = own.Fork();
        var asleep = true;
        if (world.Plan.Standbys == 0)
        {
            world.Start(() => world.SuperviseDaemonAsync(other, () => asleep));
        }

        await world.WaitAsync(own.Span(5, 25));
        world.Trace.Note("the daemon goes on");
        asleep = false;
        sleeper.Process.Resume();
    }

    /// <summary>From here on the network is fair and nobody dies.</summary>
    public void Heal()
    {
        world.Trace.Note("the network heals");
        world.IsTroubled = false;
        world.Network.Weather = Weather.Fair;
        foreach (var node in new[] { Cast.Pool.Text, Cast.Client.Text, Cast.Miners[0].Text })
        {
            world.Network.Heal(node);
        }
    }
}
