using System.Collections.Concurrent;
using System.Diagnostics;
using SwarmPool.EndToEnd.Tests;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Hostile.Tests.Floods;

/// <summary>An honest client and an honest miner at a real daemon: job after job, from its submission to the accepted proof, each message repeated until it is answered.</summary>
internal sealed class HonestParties : IAsyncDisposable
{
    private static readonly EnsName Miner = EnsName.Parse("miner.alice.eth");
    private static readonly TimeSpan Repeat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RawPeer client;
    private readonly RawPeer miner;
    private readonly ConcurrentQueue<MinerJoinedItem> joined = new();
    private readonly ConcurrentQueue<ClaimAcceptedItem> won = new();
    private readonly ConcurrentQueue<ProofAcceptedItem> proved = new();
    private Cid output;

    private HonestParties(RawPeer client, RawPeer miner, SaidFile said) => (this.client, this.miner, Said) = (client, miner, said);

    /// <summary>Messages that were not answered within half a second, and said again.</summary>
    public int Repeated { get; private set; }

    /// <summary>What they have said, as anybody hears it who listens, is appended to it.</summary>
    public SaidFile Said { get; }

    public static async Task<HonestParties> JoinAsync(PoolFolder folder)
    {
        var made = new HonestParties(await RawPeer.ConnectAsync(folder), await RawPeer.ConnectAsync(folder, Miner.Text), new SaidFile(folder.Path(SaidFile.Name)));
        await made.miner.ListenAsync<MinersJoined, MinerJoinedItem>(SnapshotTypes.MinersJoined, made.joined);
        await made.miner.ListenAsync<ClaimsAccepted, ClaimAcceptedItem>(SnapshotTypes.ClaimsAccepted, made.won);
        await made.miner.ListenAsync<ProofsAccepted, ProofAcceptedItem>(SnapshotTypes.ProofsAccepted, made.proved);
        made.output = await made.miner.PutAsync("an output"u8.ToArray());
        await made.UntilAsync(made.miner, new RegistrationSnapshot
        {
            Pool = RawPeer.Pool,
            Network = "local",
            Timestamp = Now,
            Nonce = Nonce.FromRandom(),
            Miner = Miner,
            Gpus = [],
            Models = ["digits-16"],
            Mode = MiningMode.PPS,
        }, made.joined, static _ => true);
        return made;
    }

    /// <summary>Does jobs one after another for so long; gives how many milliseconds each took, all of them done.</summary>
    public async Task<IReadOnlyList<double>> WorkAsync(TimeSpan time)
    {
        var took = new List<double>();
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < time;)
        {
            var one = Stopwatch.GetTimestamp();
            await JobAsync();
            took.Add(Stopwatch.GetElapsedTime(one).TotalMilliseconds);
        }

        return took;
    }

    /// <summary>A job that waits for a miner: something to be claimed.</summary>
    public async Task<Cid> WaitingJobAsync()
    {
        var signed = await client.SignAsync(client.Job());
        await SendUntilAsync(client, signed, () => client.Accepted.Any(item => item.Cid == signed.Cid), "take the job");
        return signed.Cid;
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await miner.DisposeAsync();
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private async Task JobAsync()
    {
        var job = await WaitingJobAsync();
        var claim = await UntilAsync(
            miner,
            new ClaimSnapshot { Pool = RawPeer.Pool, Network = "local", Timestamp = Now, Nonce = Nonce.FromRandom(), Miner = Miner, JobCid = job, Attempt = 1 },
            won,
            item => item.JobCid == job && item.Miner == Miner);
        await UntilAsync(
            miner,
            new ProofSnapshot
            {
                Pool = RawPeer.Pool,
                Network = "local",
                Timestamp = Now,
                Nonce = Nonce.FromRandom(),
                Miner = Miner,
                JobCid = job,
                Attempt = 1,
                Fence = claim.Fence,
                Status = "completed",
                OutputCid = output,
                ProofHash = ProofHash.Compute(job, 1, claim.Fence, output, Miner),
                Metrics = new ProofMetrics
                {
                    InferenceSeconds = "0.1",
                    Model = "digits-16",
                    ModelSha256 = new string('a', 64),
                    Runtime = "test",
                    Device = "cpu",
                    Precision = "fp32",
                },
            },
            proved,
            item => item.JobCid == job && item.Decided);
        won.Clear();
        proved.Clear();
    }

    private async Task<TItem> UntilAsync<TItem>(RawPeer peer, Snapshot body, ConcurrentQueue<TItem> answers, Func<TItem, bool> isMine)
        where TItem : class
    {
        await SendUntilAsync(peer, await peer.SignAsync(body), () => answers.Any(isMine), $"answer the {body.Type}");
        return answers.First(isMine);
    }

    // As every party does: the same bytes again and again until there is an answer.
    private async Task SendUntilAsync(RawPeer peer, SignedSnapshot signed, Func<bool> answered, string what)
    {
        Said.Append(Topics.Of(RawPeer.Pool, Topics.Inbound(signed.Body.Type)), signed.Bytes);
        for (var begun = Stopwatch.GetTimestamp(); ;)
        {
            await peer.SendAsync(signed);
            for (var sent = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(sent) < Repeat;)
            {
                if (answered())
                {
                    return;
                }

                await Task.Delay(1);
            }

            Repeated++;
            Assert.True(Stopwatch.GetElapsedTime(begun) < Patience, $"the pool did not {what} within {Patience.TotalSeconds} s");
        }
    }
}
