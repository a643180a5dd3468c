using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A daemon keeps a delegation as long as it keeps something that came by it, and lets it go then.</summary>
public sealed class PinnedDelegationTests
{
    private static readonly EnsName Miner = Messages.Miner(1);

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_was_taken_back_stays_while_a_kept_epoch_needs_it(bool restarted)
    {
        await using var town = await TestNetwork.OpenAsync();
        Task<IHost> Start() => town.StartAsync(o => o.KeepEpochs = 1);
        var daemon = await Start();
        var miner = await OpenAsync(town, Miner, DelegationRoles.Miner);
        var (ended, next) = (await OpenAsync(town, Messages.Client, DelegationRoles.Client), await OpenAsync(town, Messages.Client, DelegationRoles.Client));
        await SendAsync(town, miner, town.Messages.Registration(Miner));
        await town.MessageRecorder.ItemAsync<MinerJoinedItem>(i => i.Miner == Miner);

        var job = await SubmitAsync(town, ended);
        await town.SendAsync(ended.Revocation(Now));
        await town.MessageRecorder.ItemAsync<RevocationAcceptedItem>(i => i.Revokes == ended.Delegation.Digest);
        await DoAsync(town, miner, job);
        await RefusalTests.Eventually(() => IsPinned(town, ended) && IsPinned(town, miner));
        await SealAsync(town, daemon, 1);

        await DoAsync(town, miner, await SubmitAsync(town, next));
        if (restarted)
        {
            await daemon.StopAsync();
            daemon.Dispose();
            daemon = await Start();
        }

        Assert.True(IsPinned(town, ended), "An epoch that is kept has a job by it.");
        await SealAsync(town, daemon, 2);
        await RefusalTests.Eventually(() => !IsPinned(town, ended));
        Assert.True(IsPinned(town, miner) && IsPinned(town, next), "What came by them in epoch 2 is kept.");

        await SealAsync(town, daemon, 3);
        await RefusalTests.Eventually(() => !IsPinned(town, miner) && !IsPinned(town, next));

        // They have not ended: what comes by them is kept with them again.
        await SubmitAsync(town, next);
        await RefusalTests.Eventually(() => IsPinned(town, next));
    }

    [Fact]
    public async Task One_whose_jobs_end_unpaid_goes_with_the_last_of_them()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync();
        var client = await OpenAsync(town, Messages.Client, DelegationRoles.Client);
        var (one, other) = (await SubmitAsync(town, client), await SubmitAsync(town, client));
        await RefusalTests.Eventually(() => IsPinned(town, client) && IsPinned(town, one) && IsPinned(town, other));
        await SendAsync(town, client, town.Messages.Cancel(one));
        await RefusalTests.Eventually(() => !IsPinned(town, one));
        Assert.True(IsPinned(town, client));
        await SendAsync(town, client, town.Messages.Cancel(other));
        await RefusalTests.Eventually(() => !IsPinned(town, other) && !IsPinned(town, client));
    }

    /// <summary>A restart begins with letting go of an old epoch once more. What a job uses that was done and is not sealed yet is not in any.</summary>
    [Fact]
    public async Task After_a_restart_what_is_done_and_not_sealed_is_in_use_all_the_same()
    {
        await using var town = await TestNetwork.OpenAsync();
        Task<IHost> Start() => town.StartAsync(o => o.KeepEpochs = 1);
        var daemon = await Start();
        var input = await town.PutAsync("an input"); // That of every job here.
        var miner = await OpenAsync(town, Miner, DelegationRoles.Miner);
        var client = await OpenAsync(town, Messages.Client, DelegationRoles.Client);
        await SendAsync(town, miner, town.Messages.Registration(Miner));
        await town.MessageRecorder.ItemAsync<MinerJoinedItem>(i => i.Miner == Miner);
        var old = await SubmitAsync(town, client);
        await DoAsync(town, miner, old);
        await SealAsync(town, daemon, 1);
        await SealAsync(town, daemon, 2);
        await RefusalTests.Eventually(() => !IsPinned(town, old) && !IsPinned(town, client) && !IsPinned(town, miner));

        var done = await SubmitAsync(town, client);
        await DoAsync(town, miner, done);
        await RefusalTests.Eventually(() => IsPinned(town, done) && IsPinned(town, client) && IsPinned(town, miner) && IsPinned(town, input));
        await daemon.StopAsync();
        daemon.Dispose();
        await town.Transport.Content.PinAsync(old, TestContext.Current.CancellationToken); // Shows when epoch 1 has been let go again.
        await town.Transport.Content.UnpinAsync(done, TestContext.Current.CancellationToken); // As when the daemon had no time left to pin it.
        await Start();
        await RefusalTests.Eventually(() => !IsPinned(town, old) && IsPinned(town, done));
        Assert.True(IsPinned(town, client) && IsPinned(town, miner) && IsPinned(town, input));
    }

    /// <summary>What a miner needs to check a job is available from the pool, whatever becomes of the client.</summary>
    [Fact]
    public async Task One_that_is_needed_is_there_when_its_job_is_announced()
    {
        await using var town = await TestNetwork.OpenAsync();
        WatchedTransport? watched = null;
        await town.StartAsync(transport: t => watched = new WatchedTransport(t));
        var client = await OpenAsync(town, Messages.Client, DelegationRoles.Client);
        await SubmitAsync(town, client);
        Assert.Contains(watched!.Stored, stored => stored.AsSpan().SequenceEqual(client.Delegation.Bytes.Span));
        await RefusalTests.Eventually(() => IsPinned(town, client));

        // While it is pinned anyhow it is not stored with each job.
        await SubmitAsync(town, client);
        Assert.Single(watched.Stored, stored => stored.AsSpan().SequenceEqual(client.Delegation.Bytes.Span));
    }

    private static async Task<Session> OpenAsync(TestNetwork town, EnsName name, string role)
    {
        var session = await Session.OpenAsync(name, role, Now, role == DelegationRoles.Client ? "10" : null);
        await town.Transport.Content.PutAsync(session.Delegation.Bytes, CancellationToken.None);
        return session;
    }

    private static async Task<Cid> SendAsync(TestNetwork town, Session session, Snapshot body)
    {
        var signed = await session.SignAsync(body);
        await town.SendAsync(signed);
        return signed.Cid;
    }

    private static async Task<Cid> SubmitAsync(TestNetwork town, Session client)
    {
        var job = await SendAsync(town, client, town.Messages.Job());
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job);
        return job;
    }

    private static async Task DoAsync(TestNetwork town, Session miner, Cid job)
    {
        await SendAsync(town, miner, town.Messages.Claim(job, Miner));
        var claim = await town.MessageRecorder.ItemAsync<ClaimAcceptedItem>(i => i.JobCid == job);
        await SendAsync(town, miner, town.Messages.Proof(job, Miner, claim.Fence, await town.PutAsync("the output")));
        await town.MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.JobCid == job);
    }

    private static async Task SealAsync(TestNetwork town, IHost daemon, int number)
    {
        await daemon.Services.GetRequiredService<DaemonControl>().EndEpochAsync(CancellationToken.None);
        await town.MessageRecorder.ItemAsync<EpochSealedItem>(i => i.EpochId == $"epoch-{number}");
    }

    private static bool IsPinned(TestNetwork town, Session session) => IsPinned(town, session.Delegation.Cid);

    private static bool IsPinned(TestNetwork town, Cid cid) => File.Exists(Path.Combine(town.Path, "blocks", "pins", cid.ToString()));
}
