using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>
/// The operator writes verdicts: a replica more is a part of a miner's pay for a miner of his own. He can write none that the recorded
/// verifier could not give, and where it can ask for a replica, each is shown with the money that went there.
/// </summary>
public sealed class CrookedVerdictsTests
{
    private static readonly PoolSettings Asking = Bench.DefaultSettings with { Verifier = "judge", VerifierMayAsk = true };

    [Theory]
    [InlineData("hashes", true, "can't")]
    [InlineData("judge", true, "of the verifier 'judge'")]
    public async Task A_replica_that_the_recorded_verifier_cant_ask_for_is_found(string verifier, bool needReplica, string what)
    {
        var pool = new CrookedPool();
        var (honest, own) = (await pool.JoinAsync(), await pool.JoinAsync(9));
        var (job, proof) = await WorkAsync(pool, honest, "an output");
        pool.Write(proof, new VerdictFact(verifier, needReplica), new ReplicaAdded(job), Accepted(proof, honest, verifier));
        await pool.DoAsync(job, own);
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Contains(report.Differences, one => one.What.Contains("SP3209", StringComparison.Ordinal) && one.What.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_verdict_of_another_verifier_is_found_though_it_asks_for_nothing()
    {
        var pool = new CrookedPool();
        var honest = await pool.JoinAsync();
        var (_, proof) = await WorkAsync(pool, honest, "an output");
        pool.Write(proof, new VerdictFact("judge", NeedReplica: false), Accepted(proof, honest, "judge"));
        Assert.Contains((await pool.AuditAsync(await pool.EndEpochAsync())).Differences, one => one.What.Contains("SP3209", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Half_of_the_pay_that_went_to_a_replica_which_nobody_signed_for_is_shown()
    {
        var pool = new CrookedPool(Asking);
        var (honest, own) = (await pool.JoinAsync(), await pool.JoinAsync(9));
        var job = (await pool.SendAsync(pool.Bench.Messages.Job("3"))).Cid;
        pool.NeedReplica = true;
        await pool.DoAsync(job, honest);
        pool.NeedReplica = false;
        await pool.DoAsync(job, own);
        await pool.DoAsync("1", honest);
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Empty(report.Differences);
        Assert.Equal([(AuditRemarkKinds.Verdict, 4_000_000), (AuditRemarkKinds.Replica, 1_500_000)], report.Remarks.Select(remark => (remark.Kind, remark.AtStakeMicroUsdc)));
        Assert.Equal($"record 6: the verifier 'judge' asks for more replicas of the job {job} than the 1 that its client signed for", report.Remarks[1].ToString());
        Assert.Equal(4_000_000, report.AtStakeMicroUsdc); // No more than there was.
        Assert.False(report.IsQuiet);
    }

    /// <summary>Two replicas of the operator's own outvote the honest one.</summary>
    [Fact]
    public async Task All_of_the_pay_that_went_to_replicas_which_nobody_signed_for_is_shown()
    {
        var pool = new CrookedPool(Asking);
        var (honest, one, two) = (await pool.JoinAsync(), await pool.JoinAsync(8), await pool.JoinAsync(9));
        var (job, proof) = await WorkAsync(pool, honest, "the truth");
        pool.NeedReplica = true;
        pool.Send(proof);
        await pool.DoAsync(job, one);
        pool.NeedReplica = false;
        await pool.DoAsync(job, two);
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Empty(report.Differences);
        Assert.Equal(1_000_000, Assert.Single(report.Remarks, remark => remark.Kind == AuditRemarkKinds.Replica).AtStakeMicroUsdc);
    }

    /// <summary>They disagree with the honest one, and nobody is paid.</summary>
    [Fact]
    public async Task The_pay_that_nobody_got_is_shown_and_so_is_that_of_a_job_which_still_waits()
    {
        var pool = new CrookedPool(Asking with { MaxAttempts = 1 });
        var (honest, own) = (await pool.JoinAsync(), await pool.JoinAsync(9));
        var (job, proof) = await WorkAsync(pool, honest, "the truth");
        pool.NeedReplica = true;
        pool.Send(proof);
        pool.NeedReplica = false;
        await pool.DoAsync(job, own);
        var (_, second) = await WorkAsync(pool, honest, "the truth", "5");
        pool.NeedReplica = true;
        pool.Send(second);
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Empty(report.Differences);
        Assert.Equal([5_000_000, 1_000_000], report.Remarks.Select(remark => remark.AtStakeMicroUsdc));
    }

    /// <summary>A journal from before verifiers were recorded, or one that is told so.</summary>
    [Fact]
    public async Task Settings_that_name_no_verifier_prove_nothing_about_verdicts()
    {
        var pool = new CrookedPool(Bench.DefaultSettings);
        await pool.DoAsync("2", await pool.JoinAsync());
        var remark = Assert.Single((await pool.AuditAsync(await pool.EndEpochAsync())).Remarks);
        Assert.Equal((AuditRemarkKinds.Verdict, 2_000_000), (remark.Kind, remark.AtStakeMicroUsdc));
        Assert.Contains("the settings name no verifier", remark.What, StringComparison.Ordinal);
    }

    private static async Task<(Cid Job, SignedSnapshot Proof)> WorkAsync(CrookedPool pool, EnsName miner, string output, string amount = "1")
    {
        var job = (await pool.SendAsync(pool.Bench.Messages.Job(amount))).Cid;
        await pool.SendAsync(pool.Bench.Messages.Claim(job, miner));
        return (job, await Support.TestNetwork.SignAsync(pool.Bench.Messages.Proof(job, miner, pool.Bench.State.Fence, Messages.AnyCid(output))));
    }

    private static ProofAccepted Accepted(SignedSnapshot signed, EnsName miner, string verifier)
    {
        var proof = (ProofSnapshot)signed.Body;
        return new ProofAccepted(proof.JobCid, proof.Attempt, proof.Fence, miner, TestKeys.Of(miner).Address, signed.Cid, proof.OutputCid, verifier);
    }
}
