using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>What a daemon shows as files, and what it keeps pinned.</summary>
public sealed class PublicTreePublisherTests
{
    [Fact]
    public async Task A_job_goes_from_folder_to_folder_and_its_proof_stays()
    {
        await using var town = await TestNetwork.OpenAsync();
        ShowingTransport shown = null!;
        await town.StartAsync(transport: t => shown = new ShowingTransport(t));
        var miner = await town.JoinAsync(1);
        var (job, waiting) = (await town.SubmitAsync(), await town.SubmitAsync());
        await ShowsAsync(shown, "jobs/", $"jobs/pending/{job}", $"jobs/pending/{waiting}");

        var claim = await town.ClaimAsync(job, miner);
        await ShowsAsync(shown, "jobs/", $"jobs/claimed/{job}", $"jobs/pending/{waiting}");

        var proof = await town.ProveAsync(claim);
        await ShowsAsync(shown, "jobs/", $"jobs/pending/{waiting}");
        await ShowsAsync(shown, "proofs/", $"proofs/{proof.ProofCid}");
        await ShowsAsync(shown, "miners/", $"miners/{miner}");
        Assert.Equal(proof.ProofCid, shown.Files[$"proofs/{proof.ProofCid}"]);

        // What a file shows is available, and the state is the signed one.
        var page = Encoding.UTF8.GetString((await town.Transport.Content.GetAsync(shown.Files[$"miners/{miner}"], 10_000, default)).Span);
        Assert.Contains($"\"miner\":\"{miner}\"", page, StringComparison.Ordinal);
        var state = await town.MessageRecorder.SnapshotAsync(s => s.Cid == shown.Files["state.json"]);
        Assert.IsType<PoolStateSnapshot>(state.Body);
        Assert.Equal(1, shown.Wholes);
    }

    [Fact]
    public async Task The_next_daemon_tells_all_anew()
    {
        await using var town = await TestNetwork.OpenAsync();
        var miner = default(SwarmPool.Identity.EnsName);
        Cid waiting, proof, epoch;
        using (var first = await town.StartAsync())
        {
            miner = await town.JoinAsync(1);
            proof = (await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync(), miner))).ProofCid;
            epoch = await SealAsync(town, first, 1);
            waiting = await town.SubmitAsync();
            await first.StopAsync();
        }

        ShowingTransport shown = null!;
        await town.StartAsync(transport: t => shown = new ShowingTransport(t));
        await ShowsAsync(shown, "jobs/", $"jobs/pending/{waiting}");
        await ShowsAsync(shown, "proofs/", $"proofs/{proof}");
        await ShowsAsync(shown, "epochs/", "epochs/epoch-1");
        await ShowsAsync(shown, "miners/", $"miners/{miner}");
        Assert.Equal(epoch, shown.Files["epochs/epoch-1"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Contents_of_old_epochs_are_let_go_unless_another_still_needs_them(bool restarted)
    {
        await using var town = await TestNetwork.OpenAsync();
        ShowingTransport shown = null!;
        Task<IHost> Start() => town.StartAsync(o => o.KeepEpochs = 1, transport: t => shown = new ShowingTransport(t));
        var daemon = await Start();
        var miner = await town.JoinAsync(1);
        var (shared, alone) = (await town.PutAsync("an input"), await town.PutAsync("another input")); // The first is that of every other job.
        var old = await town.SendAsync(town.Messages.Job(input: alone));
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == old.Cid);
        var oldProof = await town.ProveAsync(await town.ClaimAsync(old.Cid, miner), "an output of its own");
        var job = await town.SubmitAsync();
        var proof = await town.ProveAsync(await town.ClaimAsync(job, miner), "the same output");
        await SealAsync(town, daemon, 1);
        var next = await town.SubmitAsync();
        var nextProof = await town.ProveAsync(await town.ClaimAsync(next, miner), "the same output");
        await RefusalTests.Eventually(() => IsPinned(town, oldProof.OutputCid) && IsPinned(town, nextProof.OutputCid) && IsPinned(town, next) && IsPinned(town, alone));
        if (restarted)
        {
            await daemon.StopAsync();
            daemon.Dispose();
            daemon = await Start();
        }

        var kept = await SealAsync(town, daemon, 2);
        Cid[] gone = [old.Cid, alone, oldProof.ProofCid, oldProof.OutputCid, job, proof.ProofCid];
        await RefusalTests.Eventually(() => gone.All(cid => !IsPinned(town, cid)));
        await RefusalTests.Eventually(() => IsPinned(town, nextProof.ProofCid)); // The daemon may have been stopped before it had pinned it.
        Assert.All([shared, next, nextProof.ProofCid, nextProof.OutputCid, kept], cid => Assert.True(IsPinned(town, cid), $"{cid} is unpinned"));
        await ShowsAsync(shown, "proofs/", $"proofs/{nextProof.ProofCid}");
        await ShowsAsync(shown, "epochs/", "epochs/epoch-2");
    }

    [Fact]
    public async Task A_job_that_ended_without_counting_is_let_go_and_its_input_when_no_other_job_has_it()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync();
        var (shared, alone) = (await town.PutAsync("an input"), await town.PutAsync("another input"));
        var (one, other) = (await town.SubmitAsync(), await town.SubmitAsync());
        var third = await town.SendAsync(town.Messages.Job(input: alone));
        await RefusalTests.Eventually(() => new[] { one, other, third.Cid, shared, alone }.All(cid => IsPinned(town, cid)));
        await town.SendAsync(town.Messages.Cancel(one));
        await town.SendAsync(town.Messages.Cancel(third.Cid));
        await RefusalTests.Eventually(() => new[] { one, third.Cid, alone }.All(cid => !IsPinned(town, cid)));
        Assert.True(IsPinned(town, shared) && IsPinned(town, other));
        await town.SendAsync(town.Messages.Cancel(other));
        await RefusalTests.Eventually(() => !IsPinned(town, other) && !IsPinned(town, shared));
    }

    /// <summary>Anybody may name anything as a job's input. That must not make the pool let go of what it keeps for ever.</summary>
    [Fact]
    public async Task A_job_that_names_what_the_pool_keeps_for_ever_has_none_of_it_let_go()
    {
        await using var town = await TestNetwork.OpenAsync();
        var daemon = await town.StartAsync(o => o.KeepEpochs = 1);
        var miner = await town.JoinAsync(1);
        await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync(), miner));
        var sealed_ = await SealAsync(town, daemon, 1);
        Assert.True(SnapshotCodec.TryDecode(await town.Transport.Content.GetAsync(sealed_, SnapshotCodec.MaxBytes, TestContext.Current.CancellationToken), out var signed, out _));
        var epoch = (EpochSnapshot)signed.Body;
        Cid[] forEver = [sealed_, .. epoch.Journal, .. epoch.Proofs, .. epoch.Settlements.Miners];

        // Once as jobs that end unpaid, once as paid ones whose epoch is let go.
        var alone = await town.PutAsync("an input that nobody else has");
        Cid[] inputs = [.. forEver, alone];
        foreach (var input in inputs)
        {
            await town.SendAsync(town.Messages.Cancel(await JobAsync(town, input)));
        }

        await RefusalTests.Eventually(() => !IsPinned(town, alone));
        foreach (var input in inputs)
        {
            await town.ProveAsync(await town.ClaimAsync(await JobAsync(town, input), miner));
        }

        await SealAsync(town, daemon, 2);
        await SealAsync(town, daemon, 3);
        await RefusalTests.Eventually(() => !IsPinned(town, alone));
        Assert.All(forEver, cid => Assert.True(IsPinned(town, cid), $"{cid} is unpinned"));
    }

    private static async Task<Cid> JobAsync(TestNetwork town, Cid input)
    {
        var job = await town.SendAsync(town.Messages.Job(input: input));
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid);
        await RefusalTests.Eventually(() => IsPinned(town, job.Cid) && IsPinned(town, input));
        return job.Cid;
    }

    private static bool IsPinned(TestNetwork town, Cid cid) => File.Exists(Path.Combine(town.Path, "blocks", "pins", cid.ToString()));

    private static async Task<Cid> SealAsync(TestNetwork town, IHost daemon, int number)
    {
        await daemon.Services.GetRequiredService<DaemonControl>().EndEpochAsync(CancellationToken.None);
        return (await town.MessageRecorder.ItemAsync<EpochSealedItem>(i => i.EpochId == $"epoch-{number}")).Cid;
    }

    private static Task ShowsAsync(ShowingTransport shown, string folder, params string[] paths) => RefusalTests.Eventually(
        () => shown.Files.Keys.Where(path => path.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).SequenceEqual(paths.Order(StringComparer.Ordinal)));
}
