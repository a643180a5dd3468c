using SwarmPool.Plugins.Ipfs.Tests.Support;
using SwarmPool.Runtime.Reader;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.Pool;

/// <summary>Who comes late reads the signed state over nodes, whatever strangers say.</summary>
public sealed class LateComerTests(Nodes nodes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_late_reader_has_the_state_and_its_pages_and_takes_neither_a_forged_nor_an_older_one()
    {
        await using var network = new PoolNetwork(nodes);
        await network.DaemonAsync();
        var client = await network.ClientAsync();
        var first = await PoolNetwork.SubmitAsync(client, 1);
        var reader = await network.ReaderAsync(namesThePool: true);
        var old = await UntilAsync(reader, view => view.State.PendingCount == 1);
        Assert.Equal([first.JobCid], await PendingAsync(reader, old));

        // A stranger says that the pointer leads to something else, and to what was true before.
        await using var stranger = Party.Make(nodes.Options(1));
        await stranger.StartAsync(default);
        await stranger.Content.PointAsync($"{network.Pool}/state", await stranger.Content.PutAsync("{}"u8.ToArray(), default), default);
        await stranger.PubSub.PublishAsync($"/{network.Pool}/state", "{\"type\":\"state\"}"u8.ToArray(), default);
        var second = await PoolNetwork.SubmitAsync(client, 2);
        var newer = await UntilAsync(reader, view => view.State.PendingCount == 2);
        Assert.Equal(new[] { first.JobCid, second.JobCid }.Order(), (await PendingAsync(reader, newer)).Order());
        await stranger.Content.PointAsync($"{network.Pool}/state", old.Cid, default);
        Assert.Equal(2, (await reader.ReadAsync(Patience)).State.PendingCount);

        // Whoever names no peer believes nobody more than another, is led to the old state at worst, and never back to it.
        var credulous = await network.ReaderAsync(namesThePool: false);
        Assert.InRange((await credulous.ReadAsync(Patience)).State.PendingCount, 1, 2);
        await PoolNetwork.SubmitAsync(client, 3);
        var newest = await UntilAsync(reader, view => view.State.PendingCount == 3);
        Assert.Null(newest.Conflict);
    }

    private static async Task<PoolView> UntilAsync(PoolReader reader, Func<PoolView, bool> so)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var view = await reader.ReadAsync(Patience, limit.Token);
            if (so(view))
            {
                return view;
            }
        }
    }

    private static async Task<List<Cid>> PendingAsync(PoolReader reader, PoolView view)
    {
        var jobs = new List<Cid>();
        await foreach (var job in reader.ReadPendingAsync(view))
        {
            jobs.Add(job.Cid);
        }

        return jobs;
    }
}
