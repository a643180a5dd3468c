using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A real daemon, as it is by default, and names that did nothing and want to stop everybody: docs/security.md tells the same in figures.</summary>
public sealed class GrieferTests
{
    [Fact]
    public async Task A_job_for_nothing_is_refused()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync(o => o.MinJobAmount = "0.001");
        Assert.Equal(ErrorCodes.AmountTooLow, await RefusalAsync(town, town.Messages.Job("0")));
        Assert.Equal(ErrorCodes.AmountTooLow, await RefusalAsync(town, town.Messages.Job("0.000999")));
        await town.SubmitAsync("0.001");
    }

    [Fact]
    public async Task A_client_that_owes_too_much_is_told_so()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync(o => (o.MaxJobAmount, o.MaxUnpaidPerClient) = ("2", "3"));
        await town.SubmitAsync("2");
        await town.SubmitAsync("1");
        Assert.Equal(ErrorCodes.UnpaidCap, await RefusalAsync(town, town.Messages.Job("0.01")));
    }

    [Fact]
    public async Task A_job_whose_input_nobody_has_or_is_too_large_never_reaches_a_miner()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync(o => o.MaxInputBytes = 1000);
        Assert.Equal(ErrorCodes.ContentNotFound, await RefusalAsync(town, town.Messages.Job(limit: 1, input: Messages.AnyCid("what nobody has"))));
        Assert.Equal(ErrorCodes.ContentTooLarge, await RefusalAsync(town, town.Messages.Job(input: await town.PutAsync(new string('x', 1001)))));
        var fits = await town.SendAsync(town.Messages.Job(limit: 7, input: await town.PutAsync(new string('x', 1000))));
        var told = await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == fits.Cid);
        Assert.Equal((1000L, 7L, JobFunding.Unfunded), (told.InputBytes, told.TimeLimitSeconds, told.Funding));
        Assert.DoesNotContain(town.MessageRecorder.Items<JobNewItem>(), item => item.Cid != fits.Cid);
    }

    [Fact]
    public async Task Inputs_that_nobody_has_do_not_delay_a_client_that_is_known_here()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync(o => o.FetchSeconds = 60);
        var miner = await town.JoinAsync(1);
        await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync(), miner));
        for (var i = 0; i < 100; i++)
        {
            await town.SendAsync(town.Messages.Job(client: Messages.Miner(2 + (i % 8)), input: Messages.AnyCid($"what nobody has {i}")));
        }

        await town.SubmitAsync();
    }

    /// <summary>Three new names that claim first and give back at once: every job is done all the same, and nobody is blamed.</summary>
    [Fact]
    public async Task Miners_that_give_everything_back_stop_no_job()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync(o => o.CoolDownSeconds = 60);
        var honest = await town.JoinAsync(1);
        EnsName[] griefers = [await town.JoinAsync(2), await town.JoinAsync(3), await town.JoinAsync(4)];
        var spoilt = 0;
        for (var i = 0; i < 10; i++)
        {
            var job = await town.SubmitAsync("0.1");
            var attempt = 1;
            foreach (var griefer in griefers)
            {
                if (await ClaimsAsync(town, job, griefer, attempt) is { } claim)
                {
                    await town.SendAsync(town.Messages.Release(job, griefer, claim.Fence, attempt, LeaseEndReasons.Failed));
                    await town.MessageRecorder.ItemAsync<JobNewItem>(item => item.Cid == job && item.Attempt == attempt + 1);
                    attempt++;
                    spoilt++;
                }
            }

            Assert.True((await town.ProveAsync(await town.ClaimAsync(job, honest, attempt))).Decided);
        }

        Assert.InRange(spoilt, 1, 2 * griefers.Length); // A first time for each, and a second with a pause.
        Assert.Empty(town.MessageRecorder.Items<JobFailedItem>());
        Assert.Empty(town.MessageRecorder.Items<JobRejectedItem>());
        await host.StopAsync();
        await town.AuditAsync();
    }

    // The claim, or null when the pool lets this miner wait.
    private static async Task<ClaimAcceptedItem?> ClaimsAsync(TestNetwork town, Cid job, EnsName miner, int attempt)
    {
        await town.SendAsync(town.Messages.Claim(job, miner, attempt));
        var won = town.MessageRecorder.ItemAsync<ClaimAcceptedItem>(item => item.JobCid == job && item.Attempt == attempt && item.Miner == miner);
        var refused = town.MessageRecorder.ItemAsync<ClaimRejectedItem>(item => item.JobCid == job && item.Attempt == attempt && item.Miner == miner);
        if (await Task.WhenAny(won, refused) == won)
        {
            return await won;
        }

        Assert.Contains((await refused).Code, new[] { ErrorCodes.CoolDownWithClient, ErrorCodes.JobReserved });
        return null;
    }

    private static async Task<string> RefusalAsync(TestNetwork town, JobSnapshot job)
    {
        var sent = await town.SendAsync(job);
        return (await town.MessageRecorder.ItemAsync<JobRejectedItem>(item => item.Cid == sent.Cid)).Code;
    }
}
