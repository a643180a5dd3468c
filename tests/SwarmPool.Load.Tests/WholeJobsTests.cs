using SwarmPool.Load.Driving;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Load.Tests;

/// <summary>The load program's own driver does what its figures are told of: whole jobs, each answered at each stage.</summary>
public class WholeJobsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_job_goes_through_every_stage(bool managed)
    {
        var crowd = new Crowd(SignatureEngines.Best);
        await using var pool = await PoolUnderLoad.StartAsync(crowd, managed ? SignatureEngines.Managed : SignatureEngines.Best);
        var messages = new Messages(crowd, TimeProvider.System);
        Rehearsal.Join(pool, messages, miners: 5);
        var courses = Rehearsal.Sign(pool, messages, jobs: 100, clients: 10, miners: 5);

        var run = await DriverThread.RunAsync(new JobDriver(pool, messages, courses, Pace.InFlight(20)).Drive);

        Assert.Equal((100, 100, 100), (run.Job.Count, run.Claim.Count, run.Proof.Count));
        Assert.Equal(0, pool.Net.Lost);
        Assert.Empty(pool.Counters.Refused);
    }

    [Fact]
    public async Task Jobs_at_a_rate_are_sent_no_sooner_than_they_are_due()
    {
        const int Jobs = 100;
        const int Rate = 200;
        var crowd = new Crowd(SignatureEngines.Best);
        await using var pool = await PoolUnderLoad.StartAsync(crowd, SignatureEngines.Best);
        var messages = new Messages(crowd, TimeProvider.System);
        Rehearsal.Join(pool, messages, miners: 5);
        var courses = Rehearsal.Sign(pool, messages, Jobs, clients: 10, miners: 5);

        var run = await DriverThread.RunAsync(() => new JobDriver(pool, messages, courses, Pace.EachSecond(Rate)).Drive());

        Assert.Equal((Jobs, Jobs, Jobs), (run.Job.Count, run.Claim.Count, run.Proof.Count));
        Assert.InRange(run.PerSecond, 0, Rate * Jobs / (Jobs - 2.0)); // The first is due at once.
    }
}
