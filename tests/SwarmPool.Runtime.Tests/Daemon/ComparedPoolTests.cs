using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Runtime.Verification;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>A daemon whose verifier compares answers that differ in bytes: within what the model's manifest allows they agree.</summary>
public sealed class ComparedPoolTests
{
    private const string Right = """{"confidence":"0.9990","label":"7"}""";
    private const string Near = """{"confidence":"0.9991","label":"7"}""";
    private const string Wrong = """{"confidence":"0.9999","label":"0"}""";

    private static readonly string Salt = new('7', 64);
    private static readonly byte[] Manifest = ModelPackCodec.Encode(new ModelPack
    {
        Name = "digits",
        Files = [new PackFile("weights.bin", Cid.OfBlock("weights"u8), 7, new string('a', 64))],
        Tolerance = new PackTolerance("0.001", "0.001"),
    });

    private static readonly Cid Pack = Cid.OfBlock(Manifest);
    private static readonly EnsName Alice = Messages.Miner(1);

    [Fact]
    public async Task Honest_answers_that_differ_within_the_tolerance_are_paid_and_a_liars_is_not()
    {
        await using var town = await TestNetwork.OpenAsync();
        var comparer = new Comparer();
        var host = await StartAsync(town, comparer);
        await JoinAsync(town, 1, 2, 3);

        var decided = await AnswerAsync(town, miner => miner == Alice ? Right : Near);
        Assert.Equal((ProofChecks.Right, Alice), (decided.Check, decided.Miner));
        var check = await town.MessageRecorder.ItemAsync<CheckDecidedItem>(i => i.JobCid == decided.JobCid);
        Assert.Equal((CheckVerdicts.Right, "0.1"), (check.Verdict, check.Fee.ToString()));

        var job = await BeginAsync(town, miner => miner == Alice ? Wrong : miner == Messages.Miner(2) ? Right : Near);
        var wrong = await town.MessageRecorder.ItemAsync<CheckDecidedItem>(i => i.JobCid == job && i.Miner == Alice && i.Checker is null);
        Assert.Equal((CheckVerdicts.Wrong, ErrorCodes.WorkFoundWrong), (wrong.Verdict, wrong.Code));
        Assert.DoesNotContain(town.MessageRecorder.Items<ProofAcceptedItem>(), i => i.JobCid == job && i.Decided);

        // Whoever takes over agrees with what is not signed yet.
        host.Dispose();
        host = await StartAsync(town, comparer);
        await host.StopAsync();
        await town.AuditAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_comparer_that_throws_or_hangs_blames_nobody_and_the_job_goes_on_when_it_answers(bool hangs)
    {
        await using var town = await TestNetwork.OpenAsync();
        var comparer = new Comparer { Before = stop => hangs ? Task.Delay(Timeout.Infinite, stop) : throw new InvalidOperationException("broken") };
        var host = await StartAsync(town, comparer);
        await JoinAsync(town, 1, 2);
        var job = await BeginAsync(town, miner => miner == Alice ? Right : Near);
        await town.MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.JobCid == job && i.Miner == Alice && !i.Decided);
        await RefusalTests.Eventually(() => comparer.Asked > 1);
        Assert.Empty(town.MessageRecorder.Items<CheckDecidedItem>());
        Assert.Empty(town.MessageRecorder.Items<ProofRejectedItem>());

        // All else is decided meanwhile.
        var other = await town.SendAsync(town.Messages.Job() with { Model = "digits" });
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == other.Cid);
        comparer.Before = null;
        Assert.Equal(ProofChecks.Right, (await DecidedAsync(town, job)).Check);
        await host.StopAsync();
        await town.AuditAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_daemon_that_takes_over_between_reveal_and_comparison_compares(bool inOrder)
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await StartAsync(town, new Comparer { Before = static stop => Task.Delay(Timeout.Infinite, stop) });
        await JoinAsync(town, 1, 2);
        var job = await BeginAsync(town, miner => miner == Alice ? Right : Near);
        await town.MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.JobCid == job && i.Miner == Alice && !i.Decided);
        if (inOrder)
        {
            await host.StopAsync();
        }

        host.Dispose();
        host = await StartAsync(town, new Comparer());
        Assert.Equal((ProofChecks.Right, Alice), (await DecidedAsync(town, job)) is var decided ? (decided.Check, decided.Miner) : default);
        await host.StopAsync();
        await town.AuditAsync();
    }

    private static async Task<IHost> StartAsync(TestNetwork town, Comparer comparer)
    {
        await town.Transport.Content.PutAsync(Manifest, CancellationToken.None);
        return await town.StartAsync(
            o =>
            {
                o.Checks.On = true;
                o.Models["digits"] = Pack.ToString();
                (o.ClaimTimeoutSeconds, o.PolicySeconds, o.HeadStartSeconds) = (16, 1, 0);
            },
            verifier: comparer);
    }

    private static async Task JoinAsync(TestNetwork town, params int[] numbers)
    {
        foreach (var miner in numbers.Select(Messages.Miner))
        {
            await town.SendAsync(town.Messages.Registration(miner, MiningMode.PPS) with { Models = ["digits", Pack.ToString()] });
            await town.MessageRecorder.ItemAsync<MinerJoinedItem>(i => i.Miner == miner);
        }
    }

    private static async Task<ProofAcceptedItem> AnswerAsync(TestNetwork town, Func<EnsName, string> answer) => await DecidedAsync(town, await BeginAsync(town, answer));

    // Alice does a job; it and whoever is asked to check commit and show as they are told, until two have, or three that were asked.
    private static async Task<Cid> BeginAsync(TestNetwork town, Func<EnsName, string> answer)
    {
        var job = (await town.SendAsync(town.Messages.Job() with { Model = "digits" })).Cid;
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job);
        var claim = await town.ClaimAsync(job, Alice);
        await CommitAsync(town, job, Alice, claim.Fence, answer(Alice));
        var check = await town.MessageRecorder.ItemAsync<CheckNewItem>(i => i.JobCid == job);
        await CommitAsync(town, job, check.Miner, check.Fence, answer(check.Miner));
        await ShowAsync(town, job, check.Miner, check.Fence, answer(check.Miner));
        await ShowAsync(town, job, Alice, claim.Fence, answer(Alice));
        if (answer(Alice) == Wrong)
        {
            var third = await town.MessageRecorder.ItemAsync<CheckNewItem>(i => i.JobCid == job && i.Fence != check.Fence);
            await CommitAsync(town, job, third.Miner, third.Fence, answer(third.Miner));
            await ShowAsync(town, job, third.Miner, third.Fence, answer(third.Miner));
        }

        return job;
    }

    private static async Task CommitAsync(TestNetwork town, Cid job, EnsName miner, long fence, string answer)
    {
        var like = town.Messages.Claim(job, miner, 1);
        await town.SendAsync(new CommitmentSnapshot
        {
            Miner = like.Miner,
            Pool = like.Pool,
            Network = like.Network,
            Timestamp = like.Timestamp,
            Nonce = like.Nonce,
            JobCid = job,
            Attempt = 1,
            Fence = fence,
            Commitment = ProofCommitment.Compute(job, 1, fence, miner, await town.PutAsync(answer), null, Salt),
        });
    }

    private static async Task ShowAsync(TestNetwork town, Cid job, EnsName miner, long fence, string answer)
    {
        await town.MessageRecorder.ItemAsync<ProofCommittedItem>(i => i.JobCid == job && i.Fence == fence && i.Reveal == RevealTimes.Now);
        var proof = town.Messages.Proof(job, miner, fence, await town.PutAsync(answer), model: "digits");
        await town.SendAsync(proof with { Salt = Salt, Metrics = proof.Metrics with { PackCid = Pack } });
    }

    private static Task<ProofAcceptedItem> DecidedAsync(TestNetwork town, Cid job) => town.MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.JobCid == job && i.Decided);

    /// <summary>"tolerance", with what a test lets happen before it compares.</summary>
    private sealed class Comparer : IProofVerifier
    {
        private readonly ToleranceVerifier inner = new();
        private volatile int asked;

        public Func<CancellationToken, Task>? Before { get; set; }

        public int Asked => asked;

        public string Name => inner.Name;

        public VerificationNeeds NeedsOf(JobSnapshot job) => inner.NeedsOf(job);

        public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => inner.VerifyAsync(evidence, cancellationToken);

        public async ValueTask<OutputComparison> CompareAsync(OutputPair pair, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            if (Before is { } before)
            {
                await before(cancellationToken);
            }

            return await inner.CompareAsync(pair, cancellationToken);
        }
    }
}
