using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Status;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A pool says which packs it takes, and holds clients and miners to them.</summary>
public sealed class ModelBindingTests
{
    private static readonly string ModelSha256 = new('a', 64); // As the proofs of Messages name it.
    private static readonly Cid Weights = Cid.OfBlock("weights"u8);
    private static readonly byte[] Manifest = ModelPackCodec.Encode(new ModelPack { Name = "digits", Files = [new PackFile("weights.bin", Weights, 7, ModelSha256)] });
    private static readonly Cid Pack = Cid.OfBlock(Manifest);

    [Fact]
    public async Task Jobs_are_bound_published_and_proved_by_their_packs()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.Transport.Content.PutAsync(Manifest, CancellationToken.None);
        await town.StartAsync(o => o.Models["digits"] = Pack.ToString());
        var miner = Messages.Miner(1);
        await town.SendAsync(town.Messages.Registration(miner, MiningMode.PPS) with { Models = ["digits", Pack.ToString()] });
        await town.MessageRecorder.ItemAsync<MinerJoinedItem>(i => i.Miner == miner);

        var refused = await town.SendAsync(town.Messages.Job() with { Model = "digitz" });
        var refusal = await town.MessageRecorder.ItemAsync<JobRejectedItem>(i => i.Cid == refused.Cid);
        Assert.Equal(ErrorCodes.ModelNotTaken, refusal.Code);
        Assert.EndsWith("Did you mean digits?", refusal.Reason, StringComparison.Ordinal);

        foreach (var model in new[] { "digits", Pack.ToString() })
        {
            var job = await town.SendAsync(town.Messages.Job() with { Model = model });
            Assert.Equal(Pack, (await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid)).PackCid);
            var claim = await town.ClaimAsync(job.Cid, miner);
            Assert.Equal(Pack, claim.PackCid);
            var output = await town.PutAsync("the output");
            var proof = town.Messages.Proof(job.Cid, miner, claim.Fence, output, model: model);
            var wrong = await town.SendAsync(proof);
            Assert.Equal(ErrorCodes.WrongPack, (await town.MessageRecorder.ItemAsync<ProofRejectedItem>(i => i.ProofCid == wrong.Cid)).Code);
            var other = await town.SendAsync(town.Messages.Proof(job.Cid, miner, claim.Fence, output, model: model) with { Metrics = proof.Metrics with { PackCid = Pack, ModelSha256 = new string('b', 64) } });
            Assert.Equal(ErrorCodes.ModelBytesDiffer, (await town.MessageRecorder.ItemAsync<ProofRejectedItem>(i => i.ProofCid == other.Cid)).Code);
            var right = await town.SendAsync(town.Messages.Proof(job.Cid, miner, claim.Fence, output, model: model) with { Metrics = proof.Metrics with { PackCid = Pack } });
            await town.MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.ProofCid == right.Cid);
        }

        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(static said => said.Body is PoolStateSnapshot)).Body;
        Assert.Equal([new PoolModelItem("digits", Pack)], state.Models);
        await town.AuditAsync();
    }

    [Fact]
    public async Task The_packs_are_pinned_with_their_files_where_it_is_asked_and_status_lists_them()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.Transport.Content.PutAsync("weights"u8.ToArray(), CancellationToken.None);
        await town.Transport.Content.PutAsync(Manifest, CancellationToken.None);
        foreach (var withFiles in new[] { false, true })
        {
            WatchedTransport? watched = null;
            var host = await town.StartAsync(
                o =>
                {
                    o.Models["digits"] = Pack.ToString();
                    o.PinModelFiles = withFiles;
                },
                transport: inner => watched = new WatchedTransport(inner));
            await RefusalTests.Eventually(() => watched!.Pinned.Contains(Pack) && (!withFiles || watched.Pinned.Contains(Weights)));
            Assert.Equal(withFiles, watched!.Pinned.Contains(Weights));
            await host.StopAsync();
        }

        var status = await PoolStatus.ReadAsync(town.Compose().Services.GetRequiredService<IPoolJournal>());
        var model = Assert.Single(status.Models);
        Assert.Equal(("digits", Pack), (model.Alias, model.PackCid));
        Assert.Equal([ModelSha256], model.ModelSha256);
    }

    /// <summary>The pool goes on where a manifest can't be had, and what an earlier start has read of it still counts.</summary>
    [Fact]
    public async Task A_pack_that_is_away_binds_nonetheless()
    {
        await using var town = await TestNetwork.OpenAsync();
        var journal = town.Compose().Services.GetRequiredService<IPoolJournal>();
        await (await town.StartAsync(o => o.Models["digits"] = Pack.ToString())).StopAsync();
        Assert.Null(Assert.Single((await PoolStatus.ReadAsync(journal)).Models).ModelSha256);
        await town.Transport.Content.PutAsync(Manifest, CancellationToken.None);
        await (await town.StartAsync(o => o.Models["digits"] = Pack.ToString())).StopAsync();
        Assert.Equal([ModelSha256], Assert.Single((await PoolStatus.ReadAsync(journal)).Models).ModelSha256);

        WatchedTransport? away = null;
        var host = await town.StartAsync(o => o.Models["digits"] = Pack.ToString(), transport: inner => away = new WatchedTransport(inner)
        {
            Gate = cid => cid == Pack ? throw new TransportException(TransportFault.Unavailable, "away") : Task.CompletedTask,
        });
        await host.StopAsync();
        Assert.NotNull(away);
        Assert.Equal([ModelSha256], Assert.Single((await PoolStatus.ReadAsync(journal)).Models).ModelSha256);
    }

    [Fact]
    public async Task What_is_no_pack_is_refused_at_the_start_all_at_once()
    {
        await using var town = await TestNetwork.OpenAsync();
        var (one, two) = (await town.PutAsync("no pack"), await town.PutAsync("{}"));
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => town.StartAsync(o =>
        {
            o.Models["digits"] = one.ToString();
            o.Models["speech"] = two.ToString();
        }));
        var all = StartupErrors.Describe(refused);
        Assert.Equal(2, all.Count);
        Assert.Contains(all, line => line.Contains($"{ErrorCodes.BoundPackUnusable}: models: 'digits' is bound to {one}, which is no model pack: ", StringComparison.Ordinal));
        Assert.Contains(all, line => line.Contains($"{ErrorCodes.BoundPackUnusable}: models: 'speech' is bound to {two}, which is no model pack: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_pack_of_many_files_that_names_none_as_the_model_nothing_is_compared()
    {
        var files = Enumerable.Range(10, BoundPacks.MostHashes + 1).Select(static i => new PackFile($"part-{i}", Weights, 7, $"{i:d64}")).ToList();
        var net = new MemoryNet();
        var many = net.Put(ModelPackCodec.Encode(new ModelPack { Name = "digits", Files = files }));
        var said = net.Put(ModelPackCodec.Encode(new ModelPack { Name = "digits", Files = files, NumericClass = new PackClass(ModelSha256, null, null, null) }));
        var packs = new BoundPacks(new ContentReader(net.Join(), TimeProvider.System), TimeSpan.FromSeconds(5), NullLogger<BoundPacks>.Instance);
        var bound = await packs.BindAsync(Bench.DefaultSettings with { Models = [new PoolModel("a", many), new PoolModel("b", said)] }, null, CancellationToken.None);
        Assert.Null(bound.Models![0].ModelSha256);
        Assert.Equal([ModelSha256], bound.Models[1].ModelSha256);
    }

    [Fact]
    public void An_object_of_the_configuration_binds_and_a_list_is_a_miner_s()
    {
        Assert.Equal([("digits", Pack.ToString()), ("llama:8b/q4", Pack.ToString())], Bound(("models:digits", Pack.ToString()), ("models:llama:8b/q4", Pack.ToString())));
        Assert.Empty(Bound(("models:0", "digits"), ("models:1", "speech")));
        Assert.Empty(Bound(("models", "digits,speech")));
        Assert.Empty(Bound());
    }

    [Fact]
    public void All_that_is_wrong_with_it_is_told_at_once()
    {
        var options = new DaemonOptions();
        options.Models["two words"] = "nothing";
        options.Models[Pack.ToString()] = Pack.ToString();
        options.Models[new string('x', 65)] = Pack.ToString();
        var failures = new DaemonOptionsValidator().Validate(null, options).Failures!.ToList();
        Assert.Equal(4, failures.Count(static failure => failure.StartsWith("models: ", StringComparison.Ordinal)));

        for (var i = 0; i < 65; i++)
        {
            options.Models[$"m{i}"] = Pack.ToString();
        }

        Assert.Contains(new DaemonOptionsValidator().Validate(null, options).Failures!, static failure => failure.Contains("at most 64", StringComparison.Ordinal));
    }

    private static IEnumerable<(string, string)> Bound(params (string Key, string Value)[] pairs)
    {
        IRoleOptions options = new DaemonOptions();
        options.Bind(new ConfigurationBuilder().AddInMemoryCollection(pairs.ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value)).Build());
        return ((DaemonOptions)options).Models.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => (pair.Key, pair.Value));
    }
}
