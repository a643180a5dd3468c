using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>
/// Keeps the daemon's pen on the paper: jobs that no miner can do, in one go, together with the cancellations of the ones
/// before, so that whoever is killed right after is killed while the journal is being written.
/// </summary>
internal sealed class KillBurst(RawPeer peer, KillLedger books) : IAsyncDisposable
{
    public const string Model = "nobody-has-this";

    private const int Jobs = 48;
    private const int Cancellations = 96;

    private readonly HashSet<Cid> sent = [];

    /// <summary>How many of its jobs the journal does not hold: still on the way, or lost with a daemon before they were accepted.</summary>
    public int Unheard => sent.Count(job => !books.Knows(job));

    /// <summary>Jobs that the pool has announced, so that it must never forget them.</summary>
    public IEnumerable<Cid> Announced => peer.Accepted.Select(item => item.Cid).Where(sent.Contains);

    public async Task SendAsync()
    {
        // What a daemon took with it is nobody's any more: nobody repeats it.
        sent.RemoveWhere(job => !books.Knows(job));
        var messages = new List<SignedSnapshot>();
        foreach (var job in books.OpenBurst.Take(Cancellations))
        {
            messages.Add(await CancelAsync(job));
        }

        for (var i = 0; i < Jobs; i++)
        {
            var week = TimeProvider.System.GetUtcNow().AddDays(6).ToUnixTimeSeconds();
            messages.Add(await SnapshotCodec.SignAsync(peer.Job() with { Model = Model, Deadline = week }, peer.Signer, CancellationToken.None));
            sent.Add(messages[^1].Cid);
        }

        foreach (var message in messages)
        {
            await TrySendAsync(message);
        }
    }

    /// <summary>Takes back what is open.</summary>
    public async Task EndAsync()
    {
        for (var round = 0; round < 60 && books.OpenBurst.Count > 0; round++)
        {
            foreach (var job in books.OpenBurst.ToList())
            {
                await TrySendAsync(await CancelAsync(job));
            }

            await Task.Delay(500);
            await books.ReadOnAsync();
        }

        Assert.Empty(books.OpenBurst);
    }

    public ValueTask DisposeAsync() => peer.DisposeAsync();

    private ValueTask<SignedSnapshot> CancelAsync(Cid job)
    {
        var like = peer.Job();
        return SnapshotCodec.SignAsync(
            new CancelSnapshot { Pool = like.Pool, Network = like.Network, Timestamp = like.Timestamp, Nonce = like.Nonce, Client = like.Client, JobCid = job },
            peer.Signer,
            CancellationToken.None);
    }

    private async Task TrySendAsync(SignedSnapshot message)
    {
        try
        {
            await peer.SendAsync(message.Bytes);
        }
        catch (TransportException)
        {
            await Task.Delay(5); // The daemon is the broker; after a kill the connection comes back by itself.
        }
    }
}
