using SwarmPool.Simulation.Bugs;
using SwarmPool.Simulation.Checks;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Parties;

namespace SwarmPool.Simulation;

/// <summary>One run: parties start, things go wrong for a while, the network heals, everybody is answered, all is counted.</summary>
internal sealed class Schedule(World world)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(100);

    private readonly Dice dice = world.Plan.Dice.Fork();
    private readonly Orders orders = new(world);
    private readonly Troubles troubles = new(world);
    private bool done;

    public static Task<Outcome> RunAsync(ulong seed, Bug bug = Bug.None, int keep = 0) => RunAsync(seed, new World(new Plan(seed), new Planted(bug), keep));

    /// <summary>Runs a world that somebody may watch.</summary>
    public static async Task<Outcome> RunAsync(ulong seed, World world)
    {
        var schedule = new Schedule(world);
        _ = world.Self.RunAsync(schedule.PlayAsync);
        await world.Pump.RunAsync(schedule.IsOver);
        return new Outcome(
            seed,
            world.Pump.Problems,
            world.Trace.Finish(),
            world.Pump.Steps,
            world.Pump.Elapsed.TotalSeconds,
            world.Disk.Records.Count,
            world.Journal.Jobs.Values.Count(j => j.Decided is not null),
            world.Journal.Seen,
            [.. world.Trace.Last]);
    }

    private bool IsOver()
    {
        if (world.Pump.Elapsed > Longest)
        {
            world.Pump.Problem($"the run is not over after {Longest}");
        }

        return done;
    }

    private async Task PlayAsync()
    {
        try
        {
            await StoryAsync();
        }
        catch (Exception e)
        {
            world.Pump.Problem($"the story broke: {e}");
        }

        done = true;
    }

    private async Task StoryAsync()
    {
        var plan = world.Plan;
        world.DeathsLeft = plan.DaemonDeaths;
        world.Start(() => world.SuperviseDaemonAsync(dice.Fork(), () => true));
        for (var i = 0; i < plan.Standbys; i++)
        {
            var own = dice.Fork();
            world.Start(() => world.SuperviseDaemonAsync(own, () => true));
        }

        for (var i = 0; i < plan.Miners; i++)
        {
            var name = Cast.Miners[i];
            world.Start(() => troubles.KeepMinerAsync(name, dice.Fork()));
        }

        var client = world.CreateClient(world.Skew(dice));
        await client.StartAsync();
        world.Start(() => troubles.RunAsync(dice.Fork()));
        world.Start(() => troubles.JumpClocksAsync(world.Plan.ClockDice));
        if (plan.Liars)
        {
            var liar = new Liar(world.Network, world.Pump, dice.Fork());
            world.Start(() => liar.RunAsync(() => world.IsOver || !(world.IsTroubled || plan.LiarsGoOn)));
        }

        if (plan.Griefers > 0)
        {
            var griefer = new Griefer(world.Network, world.Pump, dice.Fork(), plan.Griefers);
            world.Start(() => griefer.RunAsync(() => world.IsOver || !(world.IsTroubled || plan.LiarsGoOn)));
        }

        if (plan.Sessions)
        {
            var delegator = new Delegator(world.Network, world.Pump, dice.Fork());
            world.Start(() => delegator.RunAsync(() => world.IsOver));
        }

        await orders.SubmitAsync(client, dice.Fork());
        await world.WaitAsync(plan.Trouble - world.Pump.Elapsed);
        troubles.Heal();
        await orders.ProbeAsync(client);
        await orders.AnsweredAsync();
        await world.WaitAsync(plan.Least - world.Pump.Elapsed);
        await SealedAsync();
        await StopAsync();
        await new Reckoning(world).CheckAsync(orders.All);
    }

    private async Task SealedAsync()
    {
        var last = world.Journal.Jobs.Values.Max(j => j.DecidedIn);
        for (var i = 0; i < 180 && last > 0 && !world.Journal.Epochs.Sealed.ContainsKey(last); i++)
        {
            await world.WaitAsync(TimeSpan.FromSeconds(1));
        }

        if (last > 0 && !world.Journal.Epochs.Sealed.ContainsKey(last))
        {
            world.Pump.Problem($"epoch {last}, which decided jobs, is not sealed 180 s after the last answer");
        }
    }

    private async Task StopAsync()
    {
        world.IsOver = true;
        await world.StopDaemonsAsync();
    }
}
