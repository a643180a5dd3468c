using SwarmPool.Transport;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A daemon, two miners and a client in processes of their own, any of which can be killed and begins anew.</summary>
internal sealed class KillStage : IAsyncDisposable
{
    private readonly PoolFolder folder;
    private readonly KillWal wal;
    private readonly HashSet<Cid> sent = [];
    private readonly Dictionary<Cid, string> answered = [];
    private readonly RunningProgram[] miners = new RunningProgram[2];
    private readonly KillBurst burst;
    private RunningProgram daemon;
    private RunningProgram client;

    private KillStage(PoolFolder folder, RunningProgram daemon, RawPeer peer)
    {
        this.folder = folder;
        this.daemon = daemon;
        wal = new KillWal(folder.Path("pool.journal.db"));
        Books = new KillLedger(folder);
        burst = new KillBurst(peer, Books);
        (miners[0], miners[1]) = (Miner(0), Miner(1));
        client = KillClient.Start(folder, []);
    }

    public KillLedger Books { get; }

    public int Sent => sent.Count;

    public int Answered => answered.Count;

    /// <summary>Jobs that the pool announced and its journal does not hold.</summary>
    public IEnumerable<Cid> Forgotten => burst.Announced.Where(job => !Books.Knows(job));

    /// <summary>Jobs that a client sent and none was ever told the end of.</summary>
    public IEnumerable<Cid> Unanswered => sent.Where(job => !answered.ContainsKey(job));

    public static async Task<KillStage> OpenAsync(PoolFolder folder)
    {
        var started = folder.Daemon();
        await started.SaysAsync(PoolFolder.Patience, "swarmpool.eth");
        return new KillStage(folder, started, await RawPeer.ConnectAsync(folder));
    }

    /// <summary>Kills with SIGKILL as soon as a claim is live and the journal has just been written to, and begins anew what was killed.</summary>
    public async Task<KillPosition> KillAsync(int turn)
    {
        var decided = Books.Decided;
        await Books.UntilAsync(() => Books.Decided > decided + 3 && Books.State.Jobs.ClaimedCount > 0, "jobs decided since the last kill, and a live claim");
        await burst.SendAsync();
        wal.AwaitWrite(TimeSpan.FromSeconds(30));
        switch (turn % 3)
        {
            case 0:
                await daemon.KillAsync();
                var position = await PositionAsync("daemon", wal.TornFrames());
                await daemon.DisposeAsync();
                daemon = folder.Daemon();
                await daemon.SaysAsync(PoolFolder.Patience, "swarmpool.eth");
                return position;
            case 1:
                var which = turn / 3 % 2;
                await miners[which].KillAsync();
                position = await PositionAsync("miner", torn: 0);
                await miners[which].DisposeAsync();
                miners[which] = Miner(which);
                return position;
            default:
                await client.KillAsync();
                Hear();
                position = await PositionAsync("client", torn: 0);
                await client.DisposeAsync();
                client = KillClient.Start(folder, Unanswered);
                return position;
        }
    }

    /// <summary>No more jobs; those under way are done, then everyone stops in good order.</summary>
    public async Task EndAsync()
    {
        await File.WriteAllTextAsync(folder.Path(KillClient.StopFile), "");
        Assert.True(await client.EndsAsync(TimeSpan.FromSeconds(120)) == 0, string.Join('\n', client.Lines));
        Hear();
        await burst.EndAsync();
        await Books.UntilAsync(() => Books.Open == 0, "jobs that a killed client never knew of are done, too");
        daemon.Interrupt();
        Assert.True(await daemon.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', daemon.Lines));
        await Books.ReadOnAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await burst.DisposeAsync();
        await client.DisposeAsync();
        await miners[0].DisposeAsync();
        await miners[1].DisposeAsync();
        await daemon.DisposeAsync();
        Books.Dispose();
    }

    private RunningProgram Miner(int which) => which == 0 ? folder.Miner("miner.alice.eth") : folder.Miner("miner.bob.eth", "--mode", "PPS");

    private async Task<KillPosition> PositionAsync(string victim, int torn)
    {
        await Books.ReadOnAsync();
        Hear();
        return new KillPosition(
            victim, Books.State.Sequence, Books.State.Jobs.PendingCount, Books.State.Jobs.ClaimedCount, await Books.UnsaidAsync(), sent.Count(job => !Books.Knows(job)) + burst.Unheard, torn);
    }

    private void Hear()
    {
        foreach (var line in client.Lines)
        {
            // What a kill cut off in the middle of a line was not said.
            if (line.Split(' ') is ["sent", var one] && Cid.TryParse(one, out var job))
            {
                sent.Add(job);
            }
            else if (line.Split(' ') is ["answered", var other, var proof] && Cid.TryParse(other, out job) && Cid.TryParse(proof, out _))
            {
                Assert.True(answered.TryAdd(job, proof) || answered[job] == proof, $"{job} was answered by {answered[job]} and by {proof}");
            }
        }
    }
}
