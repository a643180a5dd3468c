using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Miner;
using SwarmPool.Runtime.Packs;
using SwarmPool.Runtime.Tests.Packs;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>A miner offers the packs that its backend loads, does jobs of these very packs, and says which it ran.</summary>
public sealed class MinerPackTests : IDisposable
{
    private const string Model = "queenbee-spine";

    private readonly PackStage packs = new();

    public void Dispose() => packs.Dispose();

    [Fact]
    public async Task A_pack_is_registered_by_its_CID_run_by_its_name_and_named_in_the_proof()
    {
        var local = await PullAsync(new string('b', 64));
        await using var stage = new MinerStage(packs: packs.Folder);
        stage.Pool.Answer = async heard => heard is ClaimSnapshot claim && await GiveAsync(stage, claim, local.Cid);
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync(model: "an-alias");
        await AnnounceAsync(stage, job, local.Cid);

        var proof = (ProofSnapshot)(await stage.Pool.ExpectAsync<ProofSnapshot>()).Body;
        Assert.Equal((local.Cid, "an-alias"), (proof.Metrics.PackCid!.Value, proof.Metrics.Model));
        Assert.Equal(Model, Assert.Single(stage.Backend.Runs).Model);
        var registration = (RegistrationSnapshot)(await stage.Pool.ExpectAsync<RegistrationSnapshot>()).Body;
        Assert.Equal([Model, local.Cid.ToString()], registration.Models);

        Assert.Equal(ErrorCodes.PackInUse, Assert.Throws<SwarmPoolException>(() => packs.Folder.Remove(local)).Code);
        await stage.StopAsync();
        packs.Folder.Remove(local);
    }

    [Fact]
    public async Task A_job_of_a_pack_that_is_not_here_is_not_claimed()
    {
        var local = await PullAsync(new string('b', 64));
        await using var stage = await new MinerStage(packs: packs.Folder).StartAsync();
        var foreign = await stage.Pool.StoreJobAsync(model: Model);
        await AnnounceAsync(stage, foreign, Cid.OfBlock("another pack"u8));
        var own = await stage.Pool.StoreJobAsync(model: local.Cid.ToString());
        await stage.Pool.AnnounceAsync(own);

        await stage.Witness.ExpectAsync($"accepted {own.Cid}");
        Assert.Equal(0, stage.Pool.Count<ClaimSnapshot>(claim => claim.JobCid == foreign.Cid));
        Assert.Equal(Model, Assert.Single(stage.Backend.Runs).Model);
    }

    /// <summary>The pool may give it nonetheless: from a run of this miner before its folder was removed.</summary>
    [Fact]
    public async Task A_claim_on_a_pack_that_is_not_here_is_given_back()
    {
        await using var stage = new MinerStage(packs: packs.Folder);
        var pack = Cid.OfBlock("another pack"u8);
        stage.Pool.Answer = async heard => heard is ClaimSnapshot claim && await GiveAsync(stage, claim, pack);
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);

        var release = (ReleaseSnapshot)(await stage.Pool.ExpectAsync<ReleaseSnapshot>()).Body;
        Assert.Equal((job.Cid, LeaseEndReasons.Failed), (release.JobCid, release.Reason));
        Assert.Empty(stage.Backend.Runs);
    }

    [Fact]
    public async Task A_pack_of_the_name_alone_is_not_offered()
    {
        var local = await PullAsync(new string('c', 64));
        var backend = new[] { new ModelDescription(Model, new string('b', 64), ["t"]) };
        var found = MinerPacks.Find(packs.Folder, backend, NullLogger.Instance);
        Assert.Empty(found.Used);
        Assert.Equal([local.Cid], MinerPacks.Find(packs.Folder, [backend[0] with { Sha256 = new string('c', 64) }], NullLogger.Instance).Used.Select(static one => one.Cid));
        Assert.Empty(MinerPacks.Find(packs.Folder, [backend[0] with { Name = "other", Sha256 = new string('c', 64) }], NullLogger.Instance).Used);
        Assert.Empty(MinerPacks.Find(null, backend, NullLogger.Instance).Used);

        Directory.Delete(local.Folder, recursive: true);
        Assert.Empty(MinerPacks.Find(packs.Folder, [backend[0] with { Sha256 = new string('c', 64) }], NullLogger.Instance).Used);
    }

    private static async Task<bool> GiveAsync(MinerStage stage, ClaimSnapshot claim, Cid pack)
    {
        var accepted = stage.Pool.Accepted(claim.JobCid, claim.Miner, claim.Attempt);
        await stage.Pool.PublishAsync(accepted with { Items = [accepted.Items[0] with { PackCid = pack }] });
        return true;
    }

    private static Task AnnounceAsync(MinerStage stage, Protocol.Snapshots.SignedSnapshot job, Cid pack) => stage.Pool.PublishAsync(stage.Pool.Fill(new JobsNew
    {
        Items = [ScriptedPool.Waiting(job) with { PackCid = pack }],
        FromSequence = 0,
        ToSequence = 0,
        Pool = default,
        Network = "",
        Timestamp = 0,
        Nonce = "",
    }));

    private async Task<LocalPack> PullAsync(string modelSha256)
    {
        packs.Write("weights.bin", "1"u8);
        packs.Write("pack.json", System.Text.Encoding.UTF8.GetBytes($$"""{"name":"{{Model}}","numeric_class":{"model_sha256":"{{modelSha256}}"} }"""));
        return await packs.Transfer.PullAsync((await packs.Transfer.AddAsync(packs.Source)).Cid);
    }
}
