using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Runtime.Client;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Checks;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Parties;
using SwarmPool.Transport;

namespace SwarmPool.Simulation;

/// <summary>The jobs that a schedule's client sends, and what must become of them.</summary>
internal sealed class Orders(World world)
{
    private static readonly TimeSpan HealedPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Promptness = TimeSpan.FromSeconds(4);

    private readonly List<Order> jobs = [];

    /// <summary>What was sent, with the input that its answer has to fit.</summary>
    public IReadOnlyList<(JobHandle Handle, byte[] Input)> All => jobs.ConvertAll(j => (j.Handle, j.Input));

    public async Task SubmitAsync(SimParty client, Dice own)
    {
        var submitted = world.Plan.Trouble * 0.8;
        for (var i = 0; i < world.Plan.Jobs; i++)
        {
            var input = Encoding.UTF8.GetBytes($"input {i}");
            var patient = world.Plan.Calm || own.Chance(0.8);
            var spec = new JobSpec
            {
                JobType = "t",
                Model = Cast.Model,
                Input = input,
                Amount = Usdc.FromMicro(own.Between(1, 5_000_000)),
                Deadline = patient ? TimeSpan.FromMinutes(100) : own.Span(5, 60),
                Replicas = world.Plan.Miners > 2 && own.Chance(0.2) ? 3 : null,
            };
            await client.Process.RunAsync(async () => jobs.Add(new Order(await SendAsync(client, spec), input, patient && !world.Plan.GivesUp)));
            if (own.Chance(0.1))
            {
                var handle = jobs[^1].Handle;
                jobs[^1] = jobs[^1] with { Patient = false };
                _ = client.Process.RunAsync(() => CancelAsync(handle));
            }

            await world.WaitAsync(submitted / world.Plan.Jobs * (own.Below(200) / 100.0));
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
            catch (TransportException)
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

    /// <summary>Over a fair network, with a daemon that has had its time to come back, a job is accepted at once, whatever liars do.</summary>
    public async Task ProbeAsync(SimParty client)
    {
        await world.WaitAsync(Recovery);
        var input = Encoding.UTF8.GetBytes("a probe");
        var spec = new JobSpec { JobType = "t", Model = Cast.Model, Input = input, Amount = Usdc.FromMicro(7), Deadline = TimeSpan.FromMinutes(100) };
        var sent = world.Pump.Elapsed;
        await client.Process.RunAsync(async () => jobs.Add(new Order(await SendAsync(client, spec), input, !world.Plan.GivesUp)));
        while (!world.Journal.Jobs.ContainsKey(jobs[^1].Handle.JobCid) && world.Pump.Elapsed - sent < Promptness)
        {
            await world.WaitAsync(TimeSpan.FromMilliseconds(100));
        }

        if (!world.Journal.Jobs.ContainsKey(jobs[^1].Handle.JobCid))
        {
            world.Pump.Problem($"a job sent over a fair network is not accepted within {Promptness}");
        }
    }

    public async Task AnsweredAsync()
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

            await world.WaitAsync(TimeSpan.FromSeconds(1));
        }

        foreach (var (handle, _, patient) in jobs)
        {
            if (patient && handle.Completion.IsFaulted)
            {
                world.Pump.Problem($"a patient job was not done: {handle.Completion.Exception!.InnerException!.Message} {Describe(handle.JobCid)}");
            }
        }
    }

    private TimeSpan CooledDown() => DateTimeOffset.FromUnixTimeMilliseconds(world.Journal.State.Miners.InOrder
        .Where(m => Cast.Miners.Contains(m.Name)).Select(m => m.CoolDownUntil).DefaultIfEmpty().Max()) - SimTime.Beginning;

    private string Describe(Cid job) => world.Journal.Jobs.TryGet(job) is { } known
        ? $"{job.ToShortString()} attempt {known.Attempt}, {known.Leases.Count} claims, {known.Proofs.Count} proofs, {known.Ended}{(known.Decided is null ? "" : "decided")}"
        : $"{job.ToShortString()} never accepted";

    /// <param name="Patient">Whether it has time enough to be done whatever went wrong.</param>
    private sealed record Order(JobHandle Handle, byte[] Input, bool Patient);
}
