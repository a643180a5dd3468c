using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Runtime.Client;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Bugs;
using SwarmPool.Simulation.Checks;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Network;
using SwarmPool.Simulation.Parties;

namespace SwarmPool.Simulation;

/// <summary>One run: parties start, things go wrong for a while, the network heals, everybody is answered, all is counted.</summary>
internal sealed class Schedule(World world)
{
    private static readonly TimeSpan HealedPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Promptness = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(100);

    private readonly Dice dice = world.Plan.Dice.Fork();
    private readonly List<(JobHandle Handle, byte[] Input, Usdc Price, bool Patient)> jobs = [];
    private readonly List<SimParty> running = [];
    private bool done;

    public static async Task<Outcome> RunAsync(ulong seed, Bug bug = Bug.None, int keep = 0)
    {
        var world = new World(new Plan(seed), new Planted(bug), keep);
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
        Start(() => world.SuperviseDaemonAsync(dice.Fork(), () => true));
        for (var i = 0; i < plan.Miners; i++)
        {
            var name = Cast.Miners[i];
            Start(() => KeepMinerAsync(name, dice.Fork()));
        }

        var client = world.CreateClient(Skew(30));
        await client.StartAsync();
        Start(() => TroubleAsync(dice.Fork()));
        if (plan.Liars)
        {
            var liar = new Liar(world.Network, world.Pump, dice.Fork());
            Start(() => liar.RunAsync(() => world.IsOver));
        }

        await SubmitAsync(client, dice.Fork());
        await WaitAsync(plan.Trouble - world.Pump.Elapsed);
        Heal();
        await ProbeAsync(client);
        await AnsweredAsync();
        await SealedAsync();
        await StopAsync();
        await new Reckoning(world).CheckAsync(jobs.ConvertAll(j => (j.Handle, j.Input)));
    }

    private async Task SubmitAsync(SimParty client, Dice own)
    {
        var submitted = world.Plan.Trouble * 0.8;
        for (var i = 0; i < world.Plan.Jobs; i++)
        {
            var input = Encoding.UTF8.GetBytes($"input {i}");
            var price = Usdc.FromMicro(own.Between(1, 5_000_000));
            var patient = world.Plan.Calm || own.Chance(0.8);
            var spec = new JobSpec
            {
                JobType = "t",
                Model = Cast.Model,
                Input = input,
                Amount = price,
                Deadline = patient ? TimeSpan.FromMinutes(100) : own.Span(5, 60),
                Replicas = world.Plan.Miners > 2 && own.Chance(0.2) ? 3 : null,
            };
            await client.Process.RunAsync(async () => jobs.Add((await SendAsync(client, spec), input, price, patient)));
            if (own.Chance(0.1))
            {
                var handle = jobs[^1].Handle;
                jobs[^1] = jobs[^1] with { Patient = false };
                _ = client.Process.RunAsync(() => CancelAsync(handle));
            }

            await WaitAsync(submitted / world.Plan.Jobs * (own.Below(200) / 100.0));
        }
    }

    private async Task<JobHandle> SendAsync(SimParty client, JobSpec spec)
    {
        while (true)
        {
            try
            {
                return await client.Services.GetRequiredService<PoolClient>().SubmitAsync(spec);
            }
            catch (Transport.TransportException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), client.Process.Time); // The client's own store does not answer: it says so, and is asked again.
            }
        }
    }

    private static async Task CancelAsync(JobHandle handle)
    {
        try
        {
            await handle.CancelAsync();
        }
        catch (JobRejectedException)
        {
            // Too late, and told so: an answer too.
        }
    }

    private async Task KeepMinerAsync(EnsName name, Dice own)
    {
        for (var run = 1; !world.IsOver; run++)
        {
            var miner = world.CreateMiner(name, run, own.Fork(), Skew(30));
            if (await miner.StartAsync())
            {
                running.Add(miner);
            }

            await miner.Ended;
            await WaitAsync(own.Span(0.1, 5));
        }
    }

    private async Task TroubleAsync(Dice own)
    {
        var plan = world.Plan;
        var deaths = plan.MinerDeaths;
        var pauses = plan.Pauses;
        var cuts = plan.Cuts;
        while (world.IsTroubled && !plan.Calm)
        {
            world.Network.Weather = Plan.NextWeather(own);
            await WaitAsync(own.Span(2, 10));
            if (!world.IsTroubled)
            {
                return;
            }

            if (cuts > 0 && own.Chance(0.4))
            {
                cuts--;
                Start(() => CutAsync(own.Of([Cast.Pool.Text, Cast.Client.Text, Cast.Miners[0].Text]), own.Span(2, 20)));
            }

            if (deaths > 0 && own.Chance(0.4) && running.FindAll(m => !m.Ended.IsCompleted) is { Count: > 0 } alive)
            {
                deaths--;
                world.Trace.Note("a miner dies");
                own.Of(alive).Kill();
            }

            if (pauses > 0 && own.Chance(0.4))
            {
                pauses--;
                Start(() => PauseAsync(own.Fork()));
            }
            else if (world.DeathsLeft > 0 && own.Chance(0.2) && world.Daemon is { } daemon)
            {
                world.DeathsLeft--;
                world.KillDaemon(daemon, own);
            }
        }
    }

    private async Task CutAsync(string node, TimeSpan time)
    {
        world.Network.CutOff(node);
        await WaitAsync(time);
        world.Network.Heal(node);
    }

    /// <summary>The daemon stands still for longer than its lease; another may take over meanwhile, and then it goes on as if nothing had been.</summary>
    private async Task PauseAsync(Dice own)
    {
        if (world.Daemon is not { } sleeper || sleeper.Ended.IsCompleted)
        {
            return;
        }

        world.Trace.Note("the daemon stands still");
        sleeper.Process.Pause();
        var other = own.Fork();
        var asleep = true;
        Start(() => world.SuperviseDaemonAsync(other, () => asleep));
        await WaitAsync(own.Span(5, 25));
        world.Trace.Note("the daemon goes on");
        asleep = false;
        sleeper.Process.Resume();
    }

    private void Heal()
    {
        world.Trace.Note("the network heals");
        world.IsTroubled = false;
        world.Network.Weather = Weather.Fair;
        foreach (var node in new[] { Cast.Pool.Text, Cast.Client.Text, Cast.Miners[0].Text })
        {
            world.Network.Heal(node);
        }
    }

    /// <summary>Over a fair network, with a daemon that has had its time to come back, a job is accepted at once, whatever liars do.</summary>
    private async Task ProbeAsync(SimParty client)
    {
        await WaitAsync(Recovery);
        var input = Encoding.UTF8.GetBytes("a probe");
        var spec = new JobSpec { JobType = "t", Model = Cast.Model, Input = input, Amount = Usdc.FromMicro(7), Deadline = TimeSpan.FromMinutes(100) };
        var sent = world.Pump.Elapsed;
        await client.Process.RunAsync(async () => jobs.Add((await SendAsync(client, spec), input, spec.Amount, true)));
        while (!world.Journal.Jobs.ContainsKey(jobs[^1].Handle.JobCid) && world.Pump.Elapsed - sent < Promptness)
        {
            await WaitAsync(TimeSpan.FromMilliseconds(100));
        }

        if (!world.Journal.Jobs.ContainsKey(jobs[^1].Handle.JobCid))
        {
            world.Pump.Problem($"a job sent over a fair network is not accepted within {Promptness}");
        }
    }

    private async Task AnsweredAsync()
    {
        var limit = world.Pump.Elapsed + HealedPatience;
        while (jobs.Exists(j => !j.Handle.Completion.IsCompleted))
        {
            // A miner that lost claim after claim while things went wrong cools down for minutes: that is the rule, and no fault.
            if (world.Pump.Elapsed > limit && world.Pump.Elapsed > CooledDown() + HealedPatience)
            {
                var open = jobs.Where(j => !j.Handle.Completion.IsCompleted).Select(j => Describe(j.Handle.JobCid)).ToList();
                world.Pump.Problem($"{open.Count} of {jobs.Count} jobs are not answered {HealedPatience} after the network healed: {string.Join("; ", open)}");
                return;
            }

            await WaitAsync(TimeSpan.FromSeconds(1));
        }

        foreach (var (handle, _, _, patient) in jobs)
        {
            if (patient && handle.Completion.IsFaulted)
            {
                world.Pump.Problem($"a patient job was not done: {handle.Completion.Exception!.InnerException!.Message} {Describe(handle.JobCid)}");
            }
        }
    }

    private TimeSpan CooledDown() => DateTimeOffset.FromUnixTimeMilliseconds(world.Journal.State.Miners.InOrder
        .Where(m => Cast.Miners.Contains(m.Name)).Select(m => m.CoolDownUntil).DefaultIfEmpty().Max()) - SimTime.Beginning;

    private string Describe(Transport.Cid job) => world.Journal.Jobs.TryGet(job) is { } known
        ? $"{job.ToShortString()} attempt {known.Attempt}, {known.Leases.Count} claims, {known.Proofs.Count} proofs, {known.Ended}{(known.Decided is null ? "" : "decided")}"
        : $"{job.ToShortString()} never accepted";

    private async Task SealedAsync()
    {
        var last = world.Journal.Jobs.Values.Max(j => j.DecidedIn);
        for (var i = 0; i < 180 && last > 0 && !world.Journal.Epochs.Sealed.ContainsKey(last); i++)
        {
            await WaitAsync(TimeSpan.FromSeconds(1));
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

    private TimeSpan Skew(int seconds) => world.Plan.Calm ? default : TimeSpan.FromSeconds(dice.Between(-seconds, seconds));

    private void Start(Func<Task> work) => _ = WatchAsync(world.Self.RunAsync(work));

    private async Task WatchAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e)
        {
            world.Pump.Problem($"the world broke: {e}");
        }
    }

    private Task WaitAsync(TimeSpan time) => time > TimeSpan.Zero ? Task.Delay(time, world.Self.Time) : Task.CompletedTask;
}
