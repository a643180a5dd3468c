using System.Text;
using Microsoft.Extensions.Hosting;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A daemon that checks work, with miners that are hosts of their own or messages of the test's.</summary>
public sealed class CheckedPoolTests
{
    private static readonly string Salt = new('7', 64);

    [Fact]
    public async Task A_newcomers_answer_is_done_again_by_another_miner_and_told_as_right()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await StartAsync(town);
        await town.StartMinerAsync(1, new AnsweringBackend("the truth"));
        await town.StartMinerAsync(2, new AnsweringBackend("the truth"));
        var job = await town.SubmitAsync();
        var decided = await DecidedAsync(town, job);
        var check = await town.MessageRecorder.ItemAsync<CheckDecidedItem>(i => i.JobCid == job && i.Checker is not null);

        Assert.Equal(ProofChecks.Right, decided.Check);
        Assert.Equal((CheckVerdicts.Right, "0.1"), (check.Verdict, check.Fee.ToString()));
        Assert.Equal(decided.Miner, check.Miner);
        Assert.NotEqual(check.Miner, check.Checker);
        await host.StopAsync();
        await town.AuditAsync();
    }

    [Fact]
    public async Task A_liar_is_never_believed_and_what_it_did_is_marked_for_everybody_to_see()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await StartAsync(town, o => (o.HeadStartSeconds, o.MaxAttempts) = (0, 20));
        foreach (var (number, answer) in new[] { (1, "the truth"), (2, "the truth"), (3, "0") })
        {
            await town.StartMinerAsync(number, new AnsweringBackend(answer));
        }

        for (var i = 0; i < 12; i++)
        {
            var decided = await DecidedAsync(town, await town.SubmitAsync());
            Assert.Equal("the truth", Encoding.UTF8.GetString((await town.Transport.Content.GetAsync(decided.OutputCid, 1024, CancellationToken.None)).Span));
            Assert.NotEqual(Messages.Miner(3), decided.Miner);
        }

        var wrong = await town.MessageRecorder.ItemAsync<CheckDecidedItem>(i => i.Verdict == CheckVerdicts.Wrong || i.Code == ErrorCodes.CheckerOutvoted);
        Assert.Equal(Messages.Miner(3), wrong.Code == ErrorCodes.CheckerOutvoted ? wrong.Checker : wrong.Miner);
        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { Trust.Count: > 0, TotalJobs: 12 })).Body;
        Assert.NotNull(state.DrawCommitment);
        await host.StopAsync();
        await town.AuditAsync();
    }

    [Fact]
    public async Task Alone_a_miner_is_believed_by_the_form_of_its_answer_and_the_client_is_told_so()
    {
        await using var town = await TestNetwork.OpenAsync();
        await StartAsync(town);
        await town.StartMinerAsync(1, new AnsweringBackend("the truth"));
        Assert.Equal(ProofChecks.Unchecked, (await DecidedAsync(town, await town.SubmitAsync())).Check);

        var always = await town.SendAsync(town.Messages.Job() with { Check = JobChecks.Always });
        Assert.Equal(JobFailReasons.Unchecked, (await town.MessageRecorder.ItemAsync<JobFailedItem>(i => i.Cid == always.Cid)).Reason);
    }

    [Fact]
    public async Task A_copied_answer_does_not_open_the_copy_of_its_commitment()
    {
        await using var town = await TestNetwork.OpenAsync();
        await StartAsync(town);
        var (alice, bob) = (await town.JoinAsync(1), await town.JoinAsync(2));
        var job = await town.SubmitAsync(replicas: 2);
        var (one, two) = (await town.ClaimAsync(job, alice), await town.ClaimAsync(job, bob));
        var output = await town.PutAsync("the truth");
        var commitment = ProofCommitment.Compute(job, 1, one.Fence, alice, output, null, Salt);
        await town.SendAsync(Commitment(town, one, commitment));
        await town.SendAsync(Commitment(town, two, commitment));
        await town.MessageRecorder.ItemAsync<ProofCommittedItem>(i => i.JobCid == job && i.Miner == bob && i.Reveal == RevealTimes.Now);
        var copy = await town.SendAsync(town.Messages.Proof(job, bob, two.Fence, output) with { Salt = Salt });
        Assert.Equal(ErrorCodes.CommitmentMismatch, (await town.MessageRecorder.ItemAsync<ProofRejectedItem>(i => i.ProofCid == copy.Cid)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_daemon_that_takes_over_between_commitment_reveal_and_judgement_loses_nothing_and_pays_once(bool inOrder)
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await StartAsync(town);
        var (alice, bob) = (await town.JoinAsync(1), await town.JoinAsync(2));
        var job = await town.SubmitAsync();
        var claim = await town.ClaimAsync(job, alice);
        var output = await town.PutAsync("the truth");
        Assert.True(claim.Commit);

        var commitment = await town.SendAsync(Commitment(town, claim, ProofCommitment.Compute(job, 1, claim.Fence, alice, output, null, Salt)));
        await town.MessageRecorder.ItemAsync<ProofCommittedItem>(i => i.JobCid == job && i.Miner == alice && i.Reveal == RevealTimes.Wait);
        var check = await town.MessageRecorder.ItemAsync<CheckNewItem>(i => i.JobCid == job);
        Assert.Equal((bob, CheckKinds.Run), (check.Miner, check.Kind));
        host = await AgainAsync(town, host, inOrder);

        // The commitment again is answered again, and is no other draw.
        await town.SendAsync(commitment);
        var bobs = new ClaimAcceptedItem(job, check.Attempt, bob, check.Fence, check.LeaseUntil, check.LimitUntil);
        await town.SendAsync(Commitment(town, bobs, ProofCommitment.Compute(job, 1, check.Fence, bob, output, null, Salt)));
        await town.MessageRecorder.ItemAsync<ProofCommittedItem>(i => i.JobCid == job && i.Miner == bob && i.Reveal == RevealTimes.Now);
        host = await AgainAsync(town, host, inOrder);

        await town.SendAsync(town.Messages.Proof(job, bob, check.Fence, output) with { Salt = Salt });
        await town.MessageRecorder.ItemAsync<ProofCommittedItem>(i => i.JobCid == job && i.Miner == alice && i.Reveal == RevealTimes.Now);
        host = await AgainAsync(town, host, inOrder);

        var proof = await town.SendAsync(town.Messages.Proof(job, alice, claim.Fence, output) with { Salt = Salt });
        var decided = await DecidedAsync(town, job);
        host = await AgainAsync(town, host, inOrder);
        await town.SendAsync(proof);
        await town.MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.JobCid == job && i.Decided && town.MessageRecorder.Items<ProofAcceptedItem>().Count(again => again.Decided) > 1);

        Assert.Equal((ProofChecks.Right, alice), (decided.Check, decided.Miner));
        Assert.Single(town.MessageRecorder.Items<ProofAcceptedItem>().Where(static i => i.Decided).Distinct());
        Assert.Single(town.MessageRecorder.Items<CheckNewItem>().Select(static i => i.Fence).Distinct());
        Assert.Single(town.MessageRecorder.Items<CheckDecidedItem>().Where(i => i.Checker == bob).Distinct());
        await host.StopAsync();
        var report = await town.AuditAsync();
        Assert.True(report.Messages > 0);
    }

    [Fact]
    public async Task What_is_sent_again_is_answered_by_where_the_job_stands()
    {
        await using var town = await TestNetwork.OpenAsync();
        await StartAsync(town);
        var (alice, _) = (await town.JoinAsync(1), await town.JoinAsync(2));
        var job = await town.SubmitAsync();
        var claim = await town.ClaimAsync(job, alice);
        var output = await town.PutAsync("the truth");
        var early = await town.SendAsync(town.Messages.Proof(job, alice, claim.Fence, output));
        Assert.Equal(ErrorCodes.CommitmentMissing, (await town.MessageRecorder.ItemAsync<ProofRejectedItem>(i => i.ProofCid == early.Cid)).Code);

        var commitment = await town.SendAsync(Commitment(town, claim, ProofCommitment.Compute(job, 1, claim.Fence, alice, output, null, Salt)));
        await town.MessageRecorder.ItemAsync<ProofCommittedItem>(i => i.JobCid == job);
        await town.MessageRecorder.ItemAsync<CheckNewItem>(i => i.JobCid == job);
        var (commitments, checks) = (town.MessageRecorder.Items<ProofCommittedItem>().Count(), town.MessageRecorder.Items<CheckNewItem>().Count());
        await town.SendAsync(commitment);
        await town.MessageRecorder.ItemAsync<CheckNewItem>(_ => town.MessageRecorder.Items<CheckNewItem>().Count() > checks);
        await town.MessageRecorder.ItemAsync<ProofCommittedItem>(_ => town.MessageRecorder.Items<ProofCommittedItem>().Count() > commitments);

        var other = await town.SendAsync(Commitment(town, claim, new string('0', 64)));
        Assert.Equal(ErrorCodes.CommittedOtherwise, (await town.MessageRecorder.ItemAsync<ProofRejectedItem>(i => i.ProofCid == other.Cid)).Code);
    }

    [Fact]
    public async Task A_check_that_is_given_back_goes_to_another_and_is_held_against_nobody()
    {
        await using var town = await TestNetwork.OpenAsync();
        await StartAsync(town);
        var alice = await town.JoinAsync(1);
        await town.JoinAsync(2);
        await town.JoinAsync(3);
        var job = await town.SubmitAsync();
        var claim = await town.ClaimAsync(job, alice);
        var output = await town.PutAsync("the truth");
        await town.SendAsync(Commitment(town, claim, ProofCommitment.Compute(job, 1, claim.Fence, alice, output, null, Salt)));
        var first = await town.MessageRecorder.ItemAsync<CheckNewItem>(i => i.JobCid == job);
        await town.SendAsync(town.Messages.Release(job, first.Miner, first.Fence, 1, "failed", "out of memory"));
        var second = await town.MessageRecorder.ItemAsync<CheckNewItem>(i => i.JobCid == job && i.Fence != first.Fence);
        var ended = await town.MessageRecorder.ItemAsync<CheckDecidedItem>(i => i.Checker == first.Miner);

        Assert.NotEqual(first.Miner, second.Miner);
        Assert.Equal((CheckVerdicts.None, "0", null), (ended.Verdict, ended.Fee.ToString(), ended.Code));
        Assert.Contains("out of memory", ended.Reason, StringComparison.Ordinal);
    }

    private static Task<IHost> StartAsync(TestNetwork town, Action<DaemonOptions>? configure = null) => town.StartAsync(o =>
    {
        o.Checks.On = true;
        configure?.Invoke(o);
    });

    private static async Task<IHost> AgainAsync(TestNetwork town, IHost host, bool inOrder)
    {
        if (inOrder)
        {
            await host.StopAsync();
        }

        host.Dispose();
        return await StartAsync(town);
    }

    private static Task<ProofAcceptedItem> DecidedAsync(TestNetwork town, Cid job) => town.MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.JobCid == job && i.Decided);

    private static CommitmentSnapshot Commitment(TestNetwork town, ClaimAcceptedItem claim, string commitment)
    {
        var like = town.Messages.Claim(claim.JobCid, claim.Miner, claim.Attempt);
        return new CommitmentSnapshot
        {
            Miner = like.Miner,
            Pool = like.Pool,
            Network = like.Network,
            Timestamp = like.Timestamp,
            Nonce = like.Nonce,
            JobCid = claim.JobCid,
            Attempt = claim.Attempt,
            Fence = claim.Fence,
            Commitment = commitment,
        };
    }

    /// <summary>Answers everything alike.</summary>
    private sealed class AnsweringBackend(string answer) : IInferenceBackend
    {
        private static readonly NumericClass Class = new(new string('b', 64), "test/1", "cpu", "fp32");

        public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) => new(new BackendDescription(
            [new ModelDescription(Messages.Model, new string('b', 64), ["image-classification"])], [new DeviceDescription("cpu", "Test CPU", 0)]));

        public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => default;

        public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) =>
            new(new InferenceResult(Encoding.UTF8.GetBytes(answer), Class, null));

        public ValueTask DisposeAsync() => default;
    }
}
