using System.Diagnostics;
using System.Text.Json.Nodes;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;

namespace SwarmPool.Hostile.Tests.Ingress;

/// <summary>Whatever a stranger sends has a name, is counted under it once, and costs nobody else anything.</summary>
public sealed class HostileBytesTests(HostilePool pool) : IClassFixture<HostilePool>
{
    private readonly Forger forger = new(pool);

    public static TheoryData<string> Names => [.. HostileCases.All.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_refused_by_name_while_honest_work_goes_on(string name)
    {
        var row = HostileCases.All.Single(r => r.Name == name);
        Assert.NotNull(ErrorCatalog.Find(row.Code));
        var bytes = await row.Make(forger);
        var (before, inAll, answers) = (pool.RefusedWith(row.Code), pool.RefusedInAll, Answers(row.Code));

        await pool.Town.SendAsync(row.Topic, bytes);
        await pool.HonestJobAsync();

        await HostilePool.EventuallyAsync(() => pool.RefusedInAll > inAll, () => $"'{name}' was not refused at all");
        Assert.True(pool.RefusedWith(row.Code) == before + 1, $"'{name}' was not refused with {row.Code}; all refusals: {string.Join(" ", pool.Refused)}");
        Assert.Equal(inAll + 1, pool.RefusedInAll);
        if (row.Answered)
        {
            await HostilePool.EventuallyAsync(() => Answers(row.Code) > answers, () => $"whoever sent '{name}' was not told");
        }
        else
        {
            Assert.Equal(answers, Answers(row.Code));
        }
    }

    /// <summary>The edge on the good side: the forger's tools are not what is refused.</summary>
    [Fact]
    public async Task What_is_just_within_the_limits_is_let_in()
    {
        JsonNode nested = new JsonArray();
        for (var level = 2; level < 32; level++)
        {
            nested = new JsonArray(nested);
        }

        var room = SnapshotBytes - (await forger.SignedJobWithAsync("padding", "")).Length;
        foreach (var (member, value) in new (string, JsonNode)[] { ("a", nested), ("a", 9_007_199_254_740_992), ("a", -9_007_199_254_740_992), ("padding", new string('x', room)) })
        {
            var bytes = await forger.SignedJobWithAsync(member, value);
            await pool.Town.SendAsync(Topics.Jobs, bytes);
            var job = Transport.Cid.OfBlock(bytes);
            await pool.Town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job);
        }
    }

    [Fact]
    public async Task What_never_comes_and_never_ends_delays_nobody_else()
    {
        var proofs = new List<byte[]>();
        for (var i = 0; i < 12; i++)
        {
            proofs.Add(await forger.ProofAsync(i % 2 == 0 ? HostileTransport.Endless : HostileTransport.Missing));
        }

        var before = pool.RefusedInAll;
        foreach (var proof in proofs)
        {
            await pool.Town.SendAsync(Topics.Proofs, proof);
        }

        // As many pointers as are followed side by side, and again as many behind them.
        for (var i = 0; i < 64; i++)
        {
            await pool.Town.SendAsync(Topics.Jobs, Forger.PointerTo(i % 2 == 0 ? HostileTransport.Endless : HostileTransport.Missing));
        }

        var watch = Stopwatch.StartNew();
        await pool.HonestJobAsync();
        Assert.Equal(before, pool.RefusedInAll); // The honest job was done while all of them were still being looked for.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(HostilePool.FetchSeconds), $"the honest job took {watch.Elapsed}");
        await HostilePool.EventuallyAsync(() => pool.RefusedInAll == before + 76, () => $"only {pool.RefusedInAll - before} of 76 were given up");
    }

    private const int SnapshotBytes = SnapshotCodec.MaxBytes;

    private int Answers(string code) =>
        pool.Town.MessageRecorder.Items<JobRejectedItem>().Count(i => i.Code == code)
        + pool.Town.MessageRecorder.Items<ClaimRejectedItem>().Count(i => i.Code == code)
        + pool.Town.MessageRecorder.Items<ProofRejectedItem>().Count(i => i.Code == code)
        + pool.Town.MessageRecorder.Items<MinerRejectedItem>().Count(i => i.Code == code);
}
