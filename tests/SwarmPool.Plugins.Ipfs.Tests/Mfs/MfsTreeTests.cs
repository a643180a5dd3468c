using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Plugins.Ipfs.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.Mfs;

/// <summary>The pool's public tree, in a real node's files.</summary>
public sealed class MfsTreeTests(Nodes nodes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string pool = $"p{Guid.NewGuid():n}.eth";
    private readonly FileCalls files = new(Party.Channel(nodes.Apis[0]));

    [Fact]
    public async Task What_is_shown_is_there_under_the_contents_own_CIDs_and_goes_when_it_is_taken_away()
    {
        await using var party = Party.Make(nodes.Options(0));
        await party.StartAsync(default);
        var (one, two, large) = (await party.Content.PutAsync(new byte[] { 1 }, default), await party.Content.PutAsync(new byte[] { 2 }, default), await party.Content.PutAsync(new byte[600_000], default));
        var tree = party.PublicTree!;
        tree.Show(pool, [new($"jobs/pending/{one}", one), new("state.json", one), new("epochs/epoch-1", large)], isAll: true);
        await UntilAsync("jobs/pending", (one.ToString(), one));
        await UntilAsync("epochs", ("epoch-1", large));
        await UntilAsync("", ("jobs", null), ("proofs", null), ("epochs", null), ("miners", null), ("state.json", one));

        tree.Show(pool, [new($"jobs/pending/{one}", default), new($"jobs/claimed/{one}", one), new("state.json", two)], isAll: false);
        await UntilAsync("jobs/claimed", (one.ToString(), one));
        await UntilAsync("jobs/pending");
        await UntilAsync("", ("jobs", null), ("proofs", null), ("epochs", null), ("miners", null), ("state.json", two));
        await UntilAsync("epochs", ("epoch-1", large));
    }

    [Fact]
    public async Task A_tree_that_says_otherwise_is_brought_in_line()
    {
        await using var party = Party.Make(nodes.Options(0));
        var (one, two) = (await party.Content.PutAsync(new byte[] { 1 }, default), await party.Content.PutAsync(new byte[] { 2 }, default));
        await files.MakeFolderAsync($"/{pool}/proofs", default);
        await files.MakeFolderAsync($"/{pool}/miners/miner.alice.eth", default); // A folder in the way of a file.
        await files.TryLinkAsync(two, $"/{pool}/proofs/{one}", default);
        await files.TryLinkAsync(two, $"/{pool}/proofs/leftover", default);
        await files.TryLinkAsync(two, $"/{pool}/state.json", default);
        party.PublicTree!.Show(pool, [new($"proofs/{one}", one), new("miners/miner.alice.eth", two), new("state.json", one)], isAll: true);
        await UntilAsync("proofs", (one.ToString(), one));
        await UntilAsync("miners", ("miner.alice.eth", two));
        await UntilAsync("", ("jobs", null), ("proofs", null), ("epochs", null), ("miners", null), ("state.json", one));
    }

    [Fact]
    public async Task A_folder_shows_no_more_than_it_may_and_what_is_not_to_be_had_is_left_out()
    {
        await using var party = Party.Make(new IpfsOptions { Api = nodes.Apis[0], TreeFiles = 2, Ipns = false });
        var cid = await party.Content.PutAsync(new byte[] { 3 }, default);
        party.PublicTree!.Show(pool, [new("proofs/a", cid), new("proofs/b", cid), new("proofs/c", cid), new("miners/c", cid)], isAll: true);
        await UntilAsync("miners", ("c", cid));
        await UntilAsync("proofs", ("a", cid), ("b", cid));
    }

    private async Task UntilAsync(string folder, params (string Name, Cid? Content)[] expected)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var there = await files.ListAsync($"/{pool}/{folder}", default);
            if (there.Count == expected.Length && expected.All(one => there.TryGetValue(one.Name, out var cid) && (one.Content is null || cid == one.Content)))
            {
                return;
            }

            Assert.False(limit.IsCancellationRequested, $"/{pool}/{folder} shows {string.Join(", ", there.Select(one => $"{one.Key}={one.Value}"))}");
            await Task.Delay(50, default(CancellationToken));
        }
    }
}
