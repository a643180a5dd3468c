using Microsoft.Extensions.Configuration;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A pool says which packs it takes, and holds clients and miners to them.</summary>
public sealed class ModelBindingTests
{
    private static readonly Cid Pack = Messages.AnyCid("a pack");

    [Fact]
    public async Task Jobs_are_bound_published_and_proved_by_their_packs()
    {
        await using var town = await TestNetwork.OpenAsync();
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
            var right = await town.SendAsync(town.Messages.Proof(job.Cid, miner, claim.Fence, output, model: model) with { Metrics = proof.Metrics with { PackCid = Pack } });
            await town.MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.ProofCid == right.Cid);
        }

        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(static said => said.Body is PoolStateSnapshot)).Body;
        Assert.Equal([new PoolModelItem("digits", Pack)], state.Models);
        await town.AuditAsync();
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
