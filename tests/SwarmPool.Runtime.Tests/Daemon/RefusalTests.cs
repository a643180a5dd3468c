using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class RefusalTests
{
    [Fact]
    public async Task Every_refusal_is_answered_with_its_code()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync(o =>
        {
            o.ClaimsPerMiner = 1;
            o.MaxJobAmount = "5";
        });
        var (alice, bob) = (await town.JoinAsync(1), await town.JoinAsync(2));

        await RefusedJobAsync(town, ErrorCodes.WrongPool, town.Messages.Job() with { Pool = EnsName.Parse("other.eth") });
        await RefusedJobAsync(town, ErrorCodes.WrongNetwork, town.Messages.Job() with { Network = "eip155:1" });
        await RefusedJobAsync(town, ErrorCodes.AmountOverCap, town.Messages.Job("5.000001"));
        await RefusedJobAsync(town, ErrorCodes.DeadlinePassed, town.Messages.Job(deadline: 1_700_000_000));
        await RefusedJobAsync(town, ErrorCodes.DeadlineTooFar, town.Messages.Job(deadline: 9_007_199_254_740_991));
        await RefusedJobAsync(town, ErrorCodes.BadTimeLimit, town.Messages.Job(limit: int.MaxValue));

        var (job, other) = (await town.SubmitAsync(), await town.SubmitAsync());
        await RefusedClaimAsync(town, ErrorCodes.Stale, town.Messages.Claim(job, alice) with { Timestamp = 1_700_000_000 });
        await RefusedClaimAsync(town, ErrorCodes.InFuture, town.Messages.Claim(job, alice) with { Timestamp = 4_000_000_000 });
        await RefusedClaimAsync(town, ErrorCodes.WrongAttempt, town.Messages.Claim(job, alice, attempt: 3));
        await RefusedClaimAsync(town, ErrorCodes.NotRegistered, town.Messages.Claim(job, Messages.Miner(3)));
        var claim = await town.ClaimAsync(job, alice);
        await RefusedClaimAsync(town, ErrorCodes.ClaimCap, town.Messages.Claim(other, alice));
        await town.SendAsync(town.Messages.Release(job, bob, claim.Fence + 10));
        await town.MessageRecorder.ItemAsync<ClaimRejectedItem>(i => i.Request == "release" && i.Code == ErrorCodes.NoSuchClaim);

        var output = await town.PutAsync("the output");
        var good = town.Messages.Proof(job, alice, claim.Fence, output);
        await RefusedProofAsync(town, ErrorCodes.WrongFence, town.Messages.Proof(job, bob, claim.Fence, output));
        await RefusedProofAsync(town, ErrorCodes.NoLiveLease, town.Messages.Proof(job, alice, claim.Fence + 1, output));
        await RefusedProofAsync(town, ErrorCodes.NotCompleted, town.Messages.Proof(job, alice, claim.Fence, output, status: "failed"));
        await RefusedProofAsync(town, ErrorCodes.BadProofHash, good with { ProofHash = new string('0', 64) });
        await RefusedProofAsync(town, ErrorCodes.VerifierRefused, town.Messages.Proof(job, alice, claim.Fence, await town.PutAsync("")));

        await RefusedProofAsync(town, ErrorCodes.OutputUnavailable, town.Messages.Proof(job, alice, claim.Fence, Messages.AnyCid("nobody has this")));
        await town.ProveAsync(claim);
        await host.StopAsync();
        Assert.Equal(6, (await town.AuditAsync()).Messages); // Two registrations, two jobs, a claim, a proof: of refusals the journal holds nothing.
    }

    [Fact]
    public async Task Pitfall19_content_that_can_not_be_had_delays_nobody_else()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync(o => o.FetchSeconds = 60, transport: t => new SlowFetchTransport(t));
        var miner = await town.JoinAsync(1);
        var job = await town.SubmitAsync();
        var claim = await town.ClaimAsync(job, miner);
        for (var i = 0; i < 20; i++)
        {
            await town.SendAsync(Topics.Jobs, Pointer($"missing {i}"));
            await town.SendAsync(town.Messages.Proof(job, miner, claim.Fence, SlowFetchTransport.Missing));
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        await town.ProveAsync(claim);
        await town.SubmitAsync();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"it took {watch.Elapsed}");
    }

    [Fact]
    public async Task Pitfall11_garbage_and_forgeries_are_counted_and_dropped()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync();
        var counters = host.Services.GetRequiredService<IngressCounters>();
        var miner = await town.JoinAsync(1);
        var forged = await TestNetwork.SignAsync(town.Messages.Registration(Messages.Miner(2)), by: miner);
        var unknown = await TestNetwork.SignAsync(town.Messages.Registration(EnsName.Parse("stranger.eth")), by: miner);
        var altered = (await TestNetwork.SignAsync(town.Messages.Job())).Bytes.ToArray();
        altered[altered.AsSpan().IndexOf("clinic"u8)] = (byte)'d';

        await town.SendAsync(forged);
        await town.SendAsync(unknown);
        await town.SendAsync(Topics.Jobs, altered);
        await town.SendAsync(Topics.Jobs, "not json"u8.ToArray());
        await town.SendAsync(Topics.Jobs, new byte[SnapshotCodec.MaxBytes + 1]);
        await town.SendAsync(Topics.Claims, (await TestNetwork.SignAsync(town.Messages.Job())).Bytes);
        await town.SendAsync(Topics.Jobs, Encoding.UTF8.GetBytes("""{"cid":"x","cid":1}"""));
        await town.SendAsync(Topics.Jobs, (byte[])[.. "{\"cid\":\""u8, 0xff, .. "\"}"u8]);
        await town.SendAsync(Topics.Jobs, Pointer("missing"));

        await Eventually(() => counters.Refused.Values.Sum() >= 9);
        foreach (var code in new[] { ErrorCodes.WrongSigner, ErrorCodes.UnknownName, ErrorCodes.NotJson, ErrorCodes.SnapshotTooLarge, ErrorCodes.WrongTopic, ErrorCodes.ContentNotFound })
        {
            Assert.True(counters.Refused.ContainsKey(code), $"{code} is not among {string.Join(" ", counters.Refused.Keys)}");
        }

        // The topic that it was thrown at still listens, and nothing of it is in the journal.
        await town.SubmitAsync();
        Assert.Empty(town.MessageRecorder.Items<JobRejectedItem>());
        Assert.Equal(3, (await HeadAsync(host)).Sequence);
    }

    [Fact]
    public async Task Pitfall10_what_is_repeated_gets_its_answer_again_and_no_second_record()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync();
        var miner = Messages.Miner(1);
        var registration = await town.SendAsync(town.Messages.Registration(miner));
        await town.MessageRecorder.ItemAsync<MinerJoinedItem>(i => i.Miner == miner);
        var job = await town.SendAsync(town.Messages.Job());
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid);
        var claim = await town.SendAsync(town.Messages.Claim(job.Cid, miner));
        var claimed = await town.MessageRecorder.ItemAsync<ClaimAcceptedItem>(i => i.JobCid == job.Cid);

        await RepeatAsync<MinerJoinedItem>(town, registration, i => i.Miner == miner);
        await RepeatAsync<ClaimAcceptedItem>(town, job, i => i == claimed);
        await RepeatAsync<ClaimAcceptedItem>(town, claim, i => i == claimed);
        var proof = await town.SendAsync(town.Messages.Proof(job.Cid, miner, claimed.Fence, await town.PutAsync("o")));
        var proved = await town.MessageRecorder.ItemAsync<ProofAcceptedItem>(i => i.ProofCid == proof.Cid);
        await RepeatAsync<ProofAcceptedItem>(town, proof, i => i == proved);
        await RepeatAsync<ProofAcceptedItem>(town, claim, i => i == proved);
        await RepeatAsync<ProofAcceptedItem>(town, job, i => i == proved);
        Assert.Equal(5, (await HeadAsync(host)).Sequence);
    }

    [Fact]
    public async Task Refused_jobs_are_not_stored()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync();
        var job = await TestNetwork.SignAsync(town.Messages.Job("999999"));
        await town.SendAsync(job);
        await town.MessageRecorder.ItemAsync<JobRejectedItem>(i => i.Cid == job.Cid);
        await Assert.ThrowsAsync<Transport.TransportException>(async () => await town.Transport.Content.GetAsync(job.Cid, 65_536, CancellationToken.None));
    }

    [Fact]
    public async Task Lists_as_long_as_miners_may_choose_them_are_published_in_more_pages()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync();
        var models = Enumerable.Range(0, 256).Select(i => $"{i:d3}{new string('m', 125)}").ToArray();
        for (var n = 0; n < 9; n++)
        {
            await town.SendAsync(town.Messages.Registration(Messages.Miner(n), timestamp: null, models: models));
        }

        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { MinerCount: 9 })).Body;
        Assert.True(state.ActiveMiners.Count > 1);
        var listed = 0;
        foreach (var page in state.ActiveMiners)
        {
            listed += (await JobLifeTests.PageAsync<MinerStateItem>(town, page)).Count;
        }

        Assert.Equal(9, listed);
    }

    [Fact]
    public async Task A_verifier_may_say_and_throw_what_it_likes()
    {
        await using var town = await TestNetwork.OpenAsync();
        var verifier = new OddVerifier();
        await town.StartAsync(verifier: verifier);
        var miner = await town.JoinAsync(1);
        var job = await town.SubmitAsync();
        var claim = await town.ClaimAsync(job, miner);
        verifier.Next = () => new ProofJudgement(ProofJudgementKind.Refused, "wrong\n\u001b[2J" + new string('!', 5000));
        await RefusedProofAsync(town, ErrorCodes.VerifierRefused, town.Messages.Proof(job, miner, claim.Fence, await town.PutAsync("o")));
        verifier.Next = () => throw new InvalidOperationException("the plugin is broken");
        await RefusedProofAsync(town, ErrorCodes.VerifierFailed, town.Messages.Proof(job, miner, claim.Fence, await town.PutAsync("o")));

        // "One more replica" raises the job to two, and the pool waits for another miner.
        verifier.Next = () => new ProofJudgement(ProofJudgementKind.NeedReplica, "");
        Assert.False((await town.ProveAsync(claim)).Decided);
        verifier.Next = () => new ProofJudgement(ProofJudgementKind.Accepted, "");
        Assert.True((await town.ProveAsync(await town.ClaimAsync(job, await town.JoinAsync(2)))).Decided);
    }

    [Fact]
    public async Task A_verifier_that_asks_for_a_replica_without_declaring_that_it_may_is_at_fault()
    {
        await using var town = await TestNetwork.OpenAsync();
        var verifier = new OddVerifier { MayAskForReplicas = false, Next = static () => new ProofJudgement(ProofJudgementKind.NeedReplica, "") };
        await town.StartAsync(verifier: verifier);
        var job = await town.SubmitAsync();
        var claim = await town.ClaimAsync(job, await town.JoinAsync(1));
        await RefusedProofAsync(town, ErrorCodes.VerifierFailed, town.Messages.Proof(job, claim.Miner, claim.Fence, await town.PutAsync("o")));
    }

    [Fact]
    public async Task A_verifier_that_may_ask_can_not_have_the_name_of_the_one_that_ships()
    {
        await using var town = await TestNetwork.OpenAsync();
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => town.StartAsync(verifier: new OddVerifier { Name = "hashes" }));
        Assert.Equal(ErrorCodes.VerdictImpossible, refused.Code);
    }

    [Fact]
    public async Task Only_registered_miners_count_as_online()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync();
        var miner = await town.JoinAsync(1);
        await town.SendAsync(town.Messages.Heartbeat(Messages.Miner(2)));
        await town.SendAsync(town.Messages.Heartbeat(miner));
        await Task.Delay(500); // Heartbeats are not answered.
        await town.SubmitAsync();
        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { TotalJobs: 1 })).Body;
        Assert.Equal(1, state.OnlineMiners);
    }

    private sealed class OddVerifier : IProofVerifier
    {
        public string Name { get; init; } = "odd";

        public bool MayAskForReplicas { get; init; } = true;

        public Func<ProofJudgement> Next { get; set; } = null!;

        public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(Next());
    }

    private static byte[] Pointer(string to) => Encoding.UTF8.GetBytes($$"""{"cid":"{{Messages.AnyCid(to)}}"}""");

    private static ValueTask<JournalHead> HeadAsync(IHost host) => host.Services.GetRequiredService<IPoolJournal>().HeadAsync(CancellationToken.None);

    private static async Task RefusedJobAsync(TestNetwork town, string code, JobSnapshot job)
    {
        var sent = await town.SendAsync(job);
        Assert.Equal(code, (await town.MessageRecorder.ItemAsync<JobRejectedItem>(i => i.Cid == sent.Cid)).Code);
    }

    private static async Task RefusedClaimAsync(TestNetwork town, string code, ClaimSnapshot claim)
    {
        await town.SendAsync(claim);
        await town.MessageRecorder.ItemAsync<ClaimRejectedItem>(i => i.JobCid == claim.JobCid && i.Miner == claim.Miner && i.Code == code);
    }

    private static async Task RefusedProofAsync(TestNetwork town, string code, ProofSnapshot proof)
    {
        var sent = await town.SendAsync(proof);
        Assert.Equal(code, (await town.MessageRecorder.ItemAsync<ProofRejectedItem>(i => i.ProofCid == sent.Cid)).Code);
    }

    private static async Task RepeatAsync<TItem>(TestNetwork town, SignedSnapshot message, Func<TItem, bool> answer)
    {
        var before = town.MessageRecorder.Items<TItem>().Count(answer);
        await town.SendAsync(message);
        await Eventually(() => town.MessageRecorder.Items<TItem>().Count(answer) > before);
    }

    internal static async Task Eventually(Func<bool> so)
    {
        for (var i = 0; i < 300 && !so(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(so(), "it did not come about within 15 s");
    }
}
