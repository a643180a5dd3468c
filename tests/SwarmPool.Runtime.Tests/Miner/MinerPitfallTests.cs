using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>The first sketch's pitfalls that were a miner's, each shown impossible here.</summary>
public sealed class MinerPitfallTests
{
    [Fact]
    public async Task Pitfall05_EarnsNothingBeforeASealedEpochPays()
    {
        await using var stage = await new MinerStage().StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"accepted {job.Cid} 1");
        await SealAsync(stage, "epoch-6", "0.9", Cast.Mallory);
        await Task.Delay(Patience.Short);
        Assert.Equal(0, stage.Witness.Count("earned"));

        await SealAsync(stage, "epoch-7", "0.075", Cast.Pool);
        await stage.Witness.ExpectAsync("earned epoch-7 0.075 0.075");
        await SealAsync(stage, "epoch-7", "0.075", Cast.Pool);
        await SealAsync(stage, "epoch-8", "0.000001", Cast.Pool);
        await stage.Witness.ExpectAsync("earned epoch-8 0.000001 0.075001");
        Assert.Equal(2, stage.Witness.Count("earned"));
    }

    [Fact]
    public async Task Pitfall11_WastesNothingOnForgedAnnouncements()
    {
        await using var stage = await new MinerStage().StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.SayAsAsync(Cast.Mallory, stage.Pool.Fill(New(ScriptedPool.Waiting(job))));
        await stage.Pool.SayAsAsync(Cast.Mallory, stage.Pool.Accepted(job.Cid, Cast.Alice));
        await Task.Delay(Patience.Short);

        Assert.Equal(0, stage.Pool.Count<ClaimSnapshot>());
        Assert.Empty(stage.Backend.Runs);
        Assert.Equal(0, stage.Witness.Count("seen"));
    }

    [Fact]
    public async Task Pitfall11_DoesNothingAgainForThePoolsOwnOldWords()
    {
        await using var stage = new MinerStage();
        var done = await stage.Pool.StoreJobAsync();
        var (announced, given) = (stage.Pool.Fill(New(ScriptedPool.Waiting(done))), stage.Pool.Accepted(done.Cid, Cast.Alice));

        // The pool has gone on since; the miner starts, and somebody says again what the pool signed then.
        await stage.Pool.PointAtAsync(stage.Pool.State([]));
        await stage.StartAsync();
        await stage.Pool.PublishAsync(announced);
        await stage.Pool.PublishAsync(given);
        var fresh = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(fresh);
        await stage.Witness.ExpectAsync($"accepted {fresh.Cid} 1");
        Assert.Equal(0, stage.Witness.Count($"executing {done.Cid}"));
        Assert.Equal(0, stage.Pool.Count<ClaimSnapshot>(c => c.JobCid == done.Cid));
    }

    [Fact]
    public async Task Pitfall14_TakesAJobThatCameBack()
    {
        await using var stage = new MinerStage();
        var job = await stage.Pool.StoreJobAsync();
        stage.Pool.Answer = async heard =>
        {
            if (heard is ClaimSnapshot { Attempt: 1 })
            {
                await stage.Pool.GiveAsync(job.Cid, Cast.Bob);
                return true;
            }

            return false;
        };
        await stage.StartAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"lost {job.Cid}");

        await stage.Pool.EndClaimAsync(job.Cid, Cast.Bob);
        await stage.Pool.AnnounceAsync(job, attempt: 2);
        var proof = (ProofSnapshot)(await stage.Pool.ExpectAsync<ProofSnapshot>()).Body;
        Assert.Equal(2, proof.Attempt);
    }

    [Fact]
    public async Task Pitfall14_ReadsTheBacklogWhenItJoinsLate()
    {
        await using var stage = new MinerStage();
        var first = await stage.Pool.StoreJobAsync();
        var second = await stage.Pool.StoreJobAsync();
        var foreign = await stage.Pool.StoreJobAsync("other-model");
        await stage.Pool.PointAtAsync(stage.Pool.State([ScriptedPool.Waiting(first), ScriptedPool.Waiting(foreign), ScriptedPool.Waiting(second)]));
        await stage.StartAsync();

        await stage.Witness.ExpectAsync($"accepted {first.Cid} 1");
        await stage.Witness.ExpectAsync($"accepted {second.Cid} 2");
        Assert.Equal(0, stage.Pool.Count<ClaimSnapshot>(c => c.JobCid == foreign.Cid));
    }

    [Fact]
    public async Task Pitfall14_ReadsTheBacklogFromAnAnnouncedStateWhenIdle()
    {
        await using var stage = await new MinerStage().StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.PublishAsync(stage.Pool.State([ScriptedPool.Waiting(job)]));
        await stage.Witness.ExpectAsync($"accepted {job.Cid}");
    }

    [Fact]
    public async Task Pitfall17_LosesItsClaimWhileItRunsAndSaysNothingMore()
    {
        await using var stage = new MinerStage();
        stage.Backend.During = (_, token) => Task.Delay(Timeout.Infinite, token);
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"executing {job.Cid}");

        await stage.Pool.EndClaimAsync(job.Cid, Cast.Alice);
        await stage.Witness.ExpectAsync($"lease lost {job.Cid} timeout");
        Assert.Equal(1, stage.Backend.Cancelled);
        await Task.Delay(Patience.Short);
        Assert.Equal(0, stage.Pool.Count<ProofSnapshot>());
        Assert.Equal(0, stage.Pool.Count<ReleaseSnapshot>());

        stage.Backend.During = static (_, _) => Task.CompletedTask;
        await stage.Pool.AnnounceAsync(job, attempt: 2);
        await stage.Witness.ExpectAsync($"accepted {job.Cid}");
    }

    [Fact]
    public async Task Pitfall22_ForgetsNothingWhileBusy()
    {
        await using var stage = new MinerStage();
        var gate = new TaskCompletionSource();
        stage.Backend.During = (_, token) => gate.Task.WaitAsync(token);
        await stage.StartAsync();
        var jobs = new List<SignedSnapshot>();
        for (var i = 0; i < 5; i++)
        {
            var job = await stage.Pool.StoreJobAsync();
            jobs.Add(job);
            await stage.Pool.AnnounceAsync(job);
            await stage.Pool.AnnounceAsync(job);
        }

        // Said once, after all the others: when this one is seen, so were they, both times.
        var last = await stage.Pool.StoreJobAsync();
        jobs.Add(last);
        await stage.Pool.AnnounceAsync(last);
        await stage.Witness.ExpectAsync($"seen {last.Cid}");
        gate.SetResult();
        await stage.Witness.ExpectAsync("accepted", 6);
        Assert.Equal(jobs.Select(j => j.Cid), stage.Pool.Heard.Select(h => h.Body).OfType<ClaimSnapshot>().Select(c => c.JobCid).Distinct());

        // The one that was being claimed when its second announcement came may have been seen twice.
        Assert.Equal(jobs.Select(j => $"seen {j.Cid} 1"), stage.Witness.Lines.Where(l => l.StartsWith("seen", StringComparison.Ordinal)).Distinct());
    }

    [Fact]
    public async Task Stop_GivesBackWhatDoesNotEndInTime()
    {
        await using var stage = new MinerStage();
        stage.Backend.During = (_, token) => Task.Delay(Timeout.Infinite, token);
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"executing {job.Cid}");

        await stage.StopAsync();
        var release = (ReleaseSnapshot)(await stage.Pool.ExpectAsync<ReleaseSnapshot>()).Body;
        Assert.Equal("released", release.Reason);
        Assert.Equal(0, stage.Pool.Count<ProofSnapshot>());
    }

    [Fact]
    public async Task Stop_LetsTheRunningJobEndAndClaimsNoOther()
    {
        await using var stage = new MinerStage(o => o.DrainSeconds = 60);
        var gate = new TaskCompletionSource();
        stage.Backend.During = (_, token) => gate.Task.WaitAsync(token);
        await stage.StartAsync();
        var running = await stage.Pool.StoreJobAsync();
        var next = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(running);
        await stage.Witness.ExpectAsync($"executing {running.Cid}");
        await stage.Pool.AnnounceAsync(next);
        await stage.Witness.ExpectAsync($"seen {next.Cid}");

        var stopped = stage.StopAsync();
        gate.SetResult();
        await stopped;
        await stage.Witness.ExpectAsync($"accepted {running.Cid}");
        Assert.Equal(0, stage.Pool.Count<ClaimSnapshot>(c => c.JobCid == next.Cid));
        Assert.Equal(0, stage.Pool.Count<ReleaseSnapshot>());
    }

    private static JobsNew New(JobNewItem item) =>
        new() { Items = [item], FromSequence = 0, ToSequence = 0, Pool = default, Network = "", Timestamp = 0, Nonce = "" };

    private static async Task SealAsync(MinerStage stage, string epochId, string amount, SwarmPool.Identity.EnsName signedBy)
    {
        var address = stage.Cast.SignerOf(Cast.Alice).Address;
        var page = stage.Net.Put(SnapshotCodec.EncodePage<PayoutItem>([new PayoutItem(Cast.Alice, address, Usdc.Parse(amount)), new PayoutItem(Cast.Bob, address, Usdc.Parse("5"))]));
        var total = Usdc.Parse(amount) + Usdc.Parse("5");
        var epoch = await SnapshotCodec.SignAsync(
            new EpochSnapshot
            {
                Pool = Cast.Pool,
                Network = "local",
                Timestamp = 1,
                Nonce = Nonce.FromRandom(),
                EpochId = epochId,
                Number = 7,
                Status = "sealed",
                StartedAt = 1,
                EndedAt = 2,
                JobsCount = 1,
                ProofsCount = 1,
                TotalVolumeUsdc = total,
                Proofs = [],
                MerkleRoot = "0x" + new string('0', 64),
                Policy = new PolicyIdentity("75/25", "1.0.0", new string('a', 64)),
                PolicyReplaced = false,
                Settlements = new EpochSettlements(total, total, Usdc.Zero, new PayoutItem(Cast.Pool, address, Usdc.Zero), [page]),
                PayoutRoot = "0x" + new string('0', 64),
                OpeningState = new string('a', 64),
                FromSequence = 1,
                ToSequence = 2,
                JournalRoot = new string('a', 64),
                Journal = [],
            },
            stage.Cast.SignerOf(signedBy),
            CancellationToken.None);
        stage.Net.Put(epoch.Bytes);
        await stage.Pool.PublishAsync(stage.Pool.Fill(new EpochsSealed
        {
            Items = [new EpochSealedItem(epochId, epoch.Cid, 1, total)],
            FromSequence = 0,
            ToSequence = 0,
            Pool = default,
            Network = "",
            Timestamp = 0,
            Nonce = "",
        }));
    }
}
