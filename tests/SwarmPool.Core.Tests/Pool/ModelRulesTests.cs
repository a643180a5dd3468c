using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>A pool that names the models it takes binds each to a pack, from the job to its proof.</summary>
public sealed class ModelRulesTests
{
    private static readonly Cid Pack = Messages.AnyCid("a pack");
    private static readonly Cid Other = Messages.AnyCid("another pack");

    private static readonly string[] Hashes = [new('a', 64), new('c', 64)];

    private readonly Bench bench = new(Bench.DefaultSettings with { Models = [new PoolModel("digits", Pack) { ModelSha256 = Hashes }, new PoolModel("speech:1", Other)] });

    [Theory]
    [InlineData("digits")]
    [InlineData("its CID")]
    public void A_job_is_bound_by_an_alias_or_by_the_pack_s_own_CID(string model)
    {
        var job = Job(model == "digits" ? model : Pack.ToString());
        Assert.Equal(Pack, bench.State.Jobs[job].PackCid);
        Assert.Equal(Pack.ToString(), bench.State.Jobs[job].Wanted);
    }

    [Theory]
    [InlineData("digitz", "it takes digits, speech:1. Did you mean digits?")]
    [InlineData("chess", "it takes digits, speech:1.")]
    public void Another_model_is_refused_with_what_there_is(string model, string why)
    {
        var decision = bench.Send(bench.Messages.Job() with { Model = model });
        Bench.Refused(ErrorCodes.ModelNotTaken, decision);
        Assert.EndsWith(why, decision.Refusal!.Reason, StringComparison.Ordinal);
        Bench.Refused(ErrorCodes.ModelNotTaken, bench.Send(bench.Messages.Job() with { Model = Messages.AnyCid("a third").ToString() }));
        Assert.Equal(0, bench.State.TotalJobs);
    }

    [Fact]
    public void Of_many_models_eight_are_told()
    {
        var many = new Bench(Bench.DefaultSettings with { Models = [.. Enumerable.Range(0, 64).Select(static i => new PoolModel($"model-{i:D2}", Pack))] });
        Assert.EndsWith("model-07 and 56 more.", many.Send(many.Messages.Job() with { Model = "chess" }).Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_who_registered_the_pack_may_claim_it()
    {
        var (named, packed) = (Miner(1, "digits"), Miner(2, "digits", Pack.ToString()));
        var job = Job("digits");
        Assert.Equal(1, bench.State.Jobs[job].Miners);
        var refused = bench.Send(bench.Messages.Claim(job, named));
        Bench.Refused(ErrorCodes.ModelNotOffered, refused);
        Assert.Contains(Pack.ToString(), refused.Refusal!.Reason, StringComparison.Ordinal);
        bench.Claim(job, packed);
    }

    [Fact]
    public void A_proof_of_another_pack_or_of_none_is_refused()
    {
        var miner = Miner(1, Pack.ToString(), Other.ToString());
        var job = Job("digits");
        var fence = bench.Claim(job, miner);
        var proof = bench.Messages.Proof(job, miner, fence, Messages.AnyCid("an output"), model: "digits");
        Bench.Refused(ErrorCodes.WrongPack, bench.Send(proof));
        Bench.Refused(ErrorCodes.WrongPack, bench.Send(proof with { Metrics = proof.Metrics with { PackCid = Other } }));
        Bench.Refused(ErrorCodes.WrongModel, bench.Send(proof with { Metrics = proof.Metrics with { Model = "speech:1", PackCid = Pack } }));
        Bench.Accepted(bench.Send(proof with { Metrics = proof.Metrics with { PackCid = Pack } }));
        Assert.Equal(JobPhase.Completed, bench.State.Jobs[job].Phase);
    }

    [Fact]
    public void A_proof_of_another_model_than_the_pack_has_is_refused()
    {
        var miner = Miner(1, Pack.ToString(), Other.ToString());
        var job = Job("digits");
        var proof = bench.Messages.Proof(job, miner, bench.Claim(job, miner), Messages.AnyCid("an output"), model: "digits");
        var refused = bench.Send(proof with { Metrics = proof.Metrics with { PackCid = Pack, ModelSha256 = new string('b', 64) } });
        Bench.Refused(ErrorCodes.ModelBytesDiffer, refused);
        Assert.Contains($"has the SHA-256 {new string('b', 64)}; by the manifest of the pack {Pack} it is {Hashes[0]} or {Hashes[1]}.", refused.Refusal!.Reason, StringComparison.Ordinal);
        Bench.Accepted(bench.Send(proof with { Metrics = proof.Metrics with { PackCid = Pack, ModelSha256 = Hashes[1] } }));
    }

    [Fact]
    public void What_is_not_known_of_a_pack_is_not_asked()
    {
        var miner = Miner(1, Other.ToString());
        var job = Job("speech:1");
        var proof = bench.Messages.Proof(job, miner, bench.Claim(job, miner), Messages.AnyCid("an output"), model: "speech:1");
        Bench.Accepted(bench.Send(proof with { Metrics = proof.Metrics with { PackCid = Other, ModelSha256 = new string('b', 64) } }));
        Assert.DoesNotContain("model_sha256", WrittenSettings(new PoolModel("speech:1", Other)), StringComparison.Ordinal);
        Assert.Contains("model_sha256", WrittenSettings(new PoolModel("digits", Pack) { ModelSha256 = Hashes }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_keeps_its_pack_when_the_pool_binds_its_alias_anew()
    {
        var miner = Miner(1, Pack.ToString());
        var job = Job("digits");
        Bench.Accepted(bench.Send(new StartedInput(2, bench.Settings with { Models = [new PoolModel("digits", Other)] })));
        var fence = bench.Claim(job, miner);
        var proof = bench.Messages.Proof(job, miner, fence, Messages.AnyCid("an output"), model: "digits");
        Bench.Refused(ErrorCodes.WrongPack, bench.Send(proof with { Metrics = proof.Metrics with { PackCid = Other } }));
        Bench.Accepted(bench.Send(proof with { Metrics = proof.Metrics with { PackCid = Pack } }));
    }

    [Fact]
    public void Without_models_any_is_taken_and_nothing_is_written_of_packs()
    {
        var free = new Bench();
        var miner = free.Miner(1);
        var job = free.Job();
        Assert.Null(free.State.Jobs[job].PackCid);
        Bench.Accepted(free.Prove(job, miner, free.Claim(job, miner)));
        Assert.DoesNotContain("pack", Written(free), StringComparison.Ordinal);
        Assert.Equal(StateCodec.Format, StateCodec.FormatOf(free.State));
    }

    [Fact]
    public void What_is_bound_comes_back_from_the_journal_and_from_a_copy_of_the_state()
    {
        var job = Job("digits");
        var previous = new byte[32];
        var read = new PoolState();
        foreach (var record in bench.Records)
        {
            var written = new RecordWriter().Write(record, previous);
            read.Apply(record.Sequence, record.At, RecordCodec.Decode(written, withInput: false).Events);
            previous = written.Hash.ToArray();
        }

        Assert.Equal(StateHash.Of(bench.State), StateHash.Of(read));
        Assert.Equal(StateCodec.FormatOfLater, StateCodec.FormatOf(read));
        var copy = StateCodec.Decode(StateCodec.Encode(read));
        Assert.Equal((Pack, StateHash.Of(read)), (copy.Jobs[job].PackCid!.Value, StateHash.Of(copy)));
    }

    private static string WrittenSettings(PoolModel model) => System.Text.Json.JsonSerializer.Serialize(Bench.DefaultSettings with { Models = [model] }, PoolJson.Default.PoolSettings);

    private static string Written(Bench bench) => string.Concat(bench.Records.Select(static record => System.Text.Encoding.UTF8.GetString(new RecordWriter().Write(record, new byte[32]).Body.Span)))
        + System.Text.Encoding.UTF8.GetString(StateCodec.Encode(bench.State));

    private Cid Job(string model)
    {
        var job = Bench.Signed(bench.Messages.Job() with { Model = model });
        Bench.Accepted(bench.Send(job));
        return job.Cid;
    }

    private EnsName Miner(int number, params string[] models)
    {
        Bench.Accepted(bench.Send(bench.Messages.Registration(Messages.Miner(number), MiningMode.PPS) with { Models = models }));
        return Messages.Miner(number);
    }
}
