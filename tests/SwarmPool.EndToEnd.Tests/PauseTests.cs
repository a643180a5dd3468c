using System.Collections.Concurrent;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A daemon that stands still for longer than a lease (SIGSTOP; a machine that is paused looks the same from inside).</summary>
public sealed class PauseTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);
    private static readonly EnsName Miner = EnsName.Parse("miner.alice.eth");

    [Fact]
    public async Task No_miner_loses_its_claim_while_the_daemon_stands_still()
    {
        using var folder = await PoolFolder.InitAsync(("claim_timeout_seconds", "8"), ("checks__on", "false"));
        await using var daemon = folder.Daemon("--json");
        await daemon.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
        await using var client = await RawPeer.ConnectAsync(folder);
        await using var miner = await RawPeer.ConnectAsync(folder, Miner.Text);
        var (joined, won, ended, proved) = (new ConcurrentQueue<MinerJoinedItem>(), new ConcurrentQueue<ClaimAcceptedItem>(), new ConcurrentQueue<ClaimTimeoutItem>(), new ConcurrentQueue<ProofAcceptedItem>());
        await miner.ListenAsync<MinersJoined, MinerJoinedItem>(SnapshotTypes.MinersJoined, joined);
        await miner.ListenAsync<ClaimsAccepted, ClaimAcceptedItem>(SnapshotTypes.ClaimsAccepted, won);
        await miner.ListenAsync<ClaimsTimeout, ClaimTimeoutItem>(SnapshotTypes.ClaimsTimeout, ended);
        await miner.ListenAsync<ProofsAccepted, ProofAcceptedItem>(SnapshotTypes.ProofsAccepted, proved);

        var job = (await client.SendAsync(client.Job())).Cid;
        await client.AcceptedAsync(job);
        await PublishAsync(miner, Registration(), joined, "take the miner in");
        var claim = await PublishAsync(miner, Claim(job), won, "give the claim");
        var output = await miner.PutAsync("an output"u8.ToArray());

        daemon.Pause();
        try
        {
            await Task.Delay(Lease * 1.5); // The pause itself is what is tried: the lease ends in it.
        }
        finally
        {
            daemon.Resume();
        }

        await PublishAsync(miner, Proof(claim, output), proved, "take the proof");
        Assert.Empty(ended);

        using var books = new KillLedger(folder);
        await books.ReadOnAsync();
        Assert.Contains(typeof(PoolResumed), books.Kinds);
        Assert.DoesNotContain(typeof(LeaseEnded), books.Kinds);
    }

    /// <summary>Repeats what it says, as every party does, until the pool answers.</summary>
    private static async Task<TItem> PublishAsync<TItem>(RawPeer peer, Snapshot body, ConcurrentQueue<TItem> answers, string what)
        where TItem : class
    {
        var signed = await peer.SignAsync(body);
        for (var i = 0; i < 60 && answers.IsEmpty; i++)
        {
            try
            {
                await peer.SendAsync(signed);
            }
            catch (TransportException)
            {
                continue; // It connects again by itself.
            }
            finally
            {
                await Task.Delay(250);
            }
        }

        return await RawPeer.HearAsync(answers, _ => true, what);
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static RegistrationSnapshot Registration() => new()
    {
        Pool = RawPeer.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = Nonce.FromRandom(),
        Miner = Miner,
        Gpus = [],
        Models = ["digits-16"],
        Mode = MiningMode.PPS,
    };

    private static ClaimSnapshot Claim(Cid job) => new()
    {
        Pool = RawPeer.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = Nonce.FromRandom(),
        Miner = Miner,
        JobCid = job,
        Attempt = 1,
    };

    private static ProofSnapshot Proof(ClaimAcceptedItem claim, Cid output) => new()
    {
        Pool = RawPeer.Pool,
        Network = "local",
        Timestamp = Now,
        Nonce = Nonce.FromRandom(),
        Miner = Miner,
        JobCid = claim.JobCid,
        Attempt = claim.Attempt,
        Fence = claim.Fence,
        Status = "completed",
        OutputCid = output,
        ProofHash = ProofHash.Compute(claim.JobCid, claim.Attempt, claim.Fence, output, Miner),
        Metrics = new ProofMetrics
        {
            InferenceSeconds = "0.1",
            Model = "digits-16",
            ModelSha256 = new string('a', 64),
            Runtime = "test",
            Device = "cpu",
            Precision = "fp32",
        },
    };
}
