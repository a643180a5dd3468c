using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Generation;
using SwarmPool.Runtime.Tests.Generation;
using SwarmPool.Runtime.Tests.Plugins;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Miner;

/// <summary>A miner of a pool that checks work: bound to its answer before anybody sees it.</summary>
public sealed class CommitmentTests
{
    [Fact]
    public async Task Nobody_can_see_an_answer_before_it_is_committed_to_and_the_proof_opens_the_commitment()
    {
        await using var stage = new MinerStage();
        stage.Pool.Checks = true;
        var seenBefore = true;
        stage.Pool.Answer = async heard =>
        {
            if (heard is not CommitmentSnapshot commitment)
            {
                return false;
            }

            seenBefore = stage.Net.Content.ContainsKey(Cid.OfBlock("{\"bytes\":3}"u8));
            await stage.Pool.TakeAsync(commitment);
            return true;
        };
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"accepted {job.Cid} 1");

        var committed = (CommitmentSnapshot)(await stage.Pool.ExpectAsync<CommitmentSnapshot>()).Body;
        var proof = (ProofSnapshot)(await stage.Pool.ExpectAsync<ProofSnapshot>()).Body;
        Assert.False(seenBefore);
        Assert.Equal(committed.Commitment, ProofCommitment.Compute(job.Cid, 1, committed.Fence, Cast.Alice, proof.OutputCid, null, proof.Salt!));
        Assert.Equal((committed.Fence, committed.Attempt), (proof.Fence, proof.Attempt));
    }

    [Fact]
    public async Task A_pool_that_checks_no_work_gets_the_proof_alone()
    {
        await using var stage = await new MinerStage().StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"accepted {job.Cid} 1");
        Assert.Equal(0, stage.Pool.Count<CommitmentSnapshot>());
        Assert.Null(((ProofSnapshot)(await stage.Pool.ExpectAsync<ProofSnapshot>()).Body).Salt);
    }

    [Fact]
    public async Task A_claim_from_before_the_pool_checked_work_is_committed_to_when_the_pool_says_so()
    {
        await using var stage = new MinerStage();
        stage.Pool.Answer = async heard =>
        {
            if (heard is ProofSnapshot { Salt: null } proof)
            {
                await stage.Pool.RefuseProofAsync(proof.JobCid, stage.Pool.Heard.Last(h => h.Body == heard).Cid, proof.Miner, ErrorCodes.CommitmentMissing);
                return true;
            }

            return false;
        };
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"accepted {job.Cid} 1");
        Assert.Equal(1, stage.Pool.Count<CommitmentSnapshot>());
        Assert.Single(stage.Backend.Runs);
    }

    [Fact]
    public async Task Whoever_waits_for_another_does_the_next_job_meanwhile()
    {
        await using var stage = new MinerStage();
        stage.Pool.Checks = true;
        var (drawn, next) = (await stage.Pool.StoreJobAsync(), await stage.Pool.StoreJobAsync(input: [1, 2]));
        stage.Pool.Answer = async heard =>
        {
            if (heard is CommitmentSnapshot commitment && commitment.JobCid == drawn.Cid)
            {
                await stage.Pool.TakeAsync(commitment, RevealTimes.Wait);
                return true;
            }

            return false;
        };
        await stage.StartAsync();
        await stage.Pool.AnnounceAsync(drawn);
        await stage.Witness.ExpectAsync($"committed {drawn.Cid} wait");
        await stage.Pool.AnnounceAsync(next);
        await stage.Witness.ExpectAsync($"accepted {next.Cid} 1");
        Assert.Equal(0, stage.Pool.Count<ProofSnapshot>(proof => proof.JobCid == drawn.Cid));

        await stage.Pool.TakeAsync((CommitmentSnapshot)(await stage.Pool.ExpectAsync<CommitmentSnapshot>(c => c.JobCid == drawn.Cid)).Body);
        await stage.Witness.ExpectAsync($"accepted {drawn.Cid} 2");
    }

    [Fact]
    public async Task A_miner_that_ended_after_it_had_committed_shows_its_answer_when_it_is_started_again()
    {
        using var folder = new TemporaryFolder();
        await using var first = new MinerStage(work: folder.Path);
        first.Pool.Checks = true;
        first.Pool.Answer = async heard =>
        {
            if (heard is CommitmentSnapshot commitment)
            {
                await first.Pool.TakeAsync(commitment, RevealTimes.Wait);
                return true;
            }

            return false;
        };
        await first.StartAsync();
        var job = await first.Pool.StoreJobAsync();
        await first.Pool.AnnounceAsync(job);
        await first.Witness.ExpectAsync($"committed {job.Cid} wait");
        await first.StopAsync();
        var committed = (CommitmentSnapshot)(await first.Pool.ExpectAsync<CommitmentSnapshot>()).Body;
        Assert.Equal(0, first.Pool.Count<ReleaseSnapshot>());

        first.Pool.Answer = static _ => Task.FromResult(false);
        await using var second = await new MinerStage(work: folder.Path, after: first).StartAsync();
        await second.Witness.ExpectAsync($"accepted {job.Cid} 1");
        var proof = (ProofSnapshot)(await second.Pool.ExpectAsync<ProofSnapshot>()).Body;
        Assert.Equal(committed.Commitment, ProofCommitment.Compute(job.Cid, 1, committed.Fence, Cast.Alice, proof.OutputCid, null, proof.Salt!));
        Assert.Empty(second.Backend.Runs);
        Assert.Empty(Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Case7_what_was_refused_is_kept_with_what_shows_that_it_was_in_time()
    {
        using var folder = new TemporaryFolder();
        await using var stage = new MinerStage(work: folder.Path);
        stage.Pool.Checks = true;
        stage.Pool.Answer = async heard =>
        {
            if (heard is ProofSnapshot late)
            {
                await stage.Pool.RefuseProofAsync(late.JobCid, stage.Pool.Heard.Last(h => h.Body == heard).Cid, late.Miner, ErrorCodes.NoLiveLease);
                return true;
            }

            return false;
        };
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"proof refused {ErrorCodes.NoLiveLease}");

        var kept = File.ReadAllText(Assert.Single(Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories)));
        foreach (var signed in stage.Pool.Heard.Where(static h => h.Body is CommitmentSnapshot or ProofSnapshot))
        {
            Assert.Contains($"\"nonce\":\"{signed.Body.Nonce}\"", kept, StringComparison.Ordinal);
            Assert.Contains($"\"timestamp\":{signed.Body.Timestamp}", kept, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_commitment_whose_claim_was_lost_meanwhile_is_given_up()
    {
        await using var stage = new MinerStage();
        stage.Pool.Checks = true;
        stage.Pool.Answer = async heard =>
        {
            if (heard is CommitmentSnapshot commitment)
            {
                await stage.Pool.TakeAsync(commitment, RevealTimes.Wait);
                return true;
            }

            return false;
        };
        await stage.StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.AnnounceAsync(job);
        await stage.Witness.ExpectAsync($"committed {job.Cid} wait");
        await stage.Pool.RefuseProofAsync(job.Cid, (await stage.Pool.ExpectAsync<CommitmentSnapshot>()).Cid, Cast.Alice, ErrorCodes.NoLiveLease);
        await stage.Witness.ExpectAsync($"lease lost {job.Cid} {ErrorCodes.NoLiveLease}");
        Assert.Equal(0, stage.Pool.Count<ProofSnapshot>());
    }

    [Fact]
    public async Task A_check_that_the_pool_gives_is_done_as_a_claim_by_its_own_fence()
    {
        await using var stage = await new MinerStage().StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.CheckAsync(Check(job, CheckKinds.Run));
        await stage.Witness.ExpectAsync($"accepted {job.Cid} 1");

        Assert.Equal(0, stage.Pool.Count<ClaimSnapshot>());
        var proof = (ProofSnapshot)(await stage.Pool.ExpectAsync<ProofSnapshot>()).Body;
        Assert.Equal((77, 2), (proof.Fence, proof.Attempt));
        Assert.Equal((77, 2), (await stage.Pool.ExpectAsync<CommitmentSnapshot>()).Body is CommitmentSnapshot c ? (c.Fence, c.Attempt) : default);
    }

    [Fact]
    public async Task What_can_not_be_scored_here_is_given_back_which_says_nothing_of_the_answer()
    {
        await using var stage = await new MinerStage().StartAsync();
        var job = await stage.Pool.StoreJobAsync();
        await stage.Pool.CheckAsync(Check(job, CheckKinds.Score));
        var release = (ReleaseSnapshot)(await stage.Pool.ExpectAsync<ReleaseSnapshot>()).Body;
        Assert.Equal((77L, "failed"), (release.Fence, release.Reason));
    }

    [Fact]
    public async Task A_backend_that_shows_no_tokens_gives_the_check_back()
    {
        await using var stage = await new MinerStage(backend: new TokenBackend(null)).StartAsync();
        var (job, proof) = await AnsweredAsync(stage, new ScriptedTokens("four", "."));
        await stage.Pool.CheckAsync(Scored(job, proof));
        Assert.Equal(77L, ((ReleaseSnapshot)(await stage.Pool.ExpectAsync<ReleaseSnapshot>()).Body).Fence);
        Assert.Equal(0, stage.Pool.Count<CheckSnapshot>());
    }

    /// <summary>The same answer scores as its own; one that this model wouldn't give, with the logits of another, does not.</summary>
    [Theory]
    [InlineData("four", 3, true)]
    [InlineData("five", 2, false)]
    public async Task An_answer_is_scored_by_what_its_proof_names_and_the_scores_are_said(string answer, int wins, bool isSame)
    {
        await using var stage = await new MinerStage(backend: new TokenBackend(Vocabulary("four"))).StartAsync();
        var (job, proof) = await AnsweredAsync(stage, Vocabulary(answer));
        await stage.Pool.CheckAsync(Scored(job, proof));

        var check = (CheckSnapshot)(await stage.Pool.ExpectAsync<CheckSnapshot>()).Body;
        Assert.Equal((77L, proof.Cid, CheckResults.Scored, 3, wins), (check.Fence, check.ProofCid, check.Result, check.Positions, check.ExactWins));
        Assert.Equal((isSame, isSame), (check.MarginMicro == 0, check.TopDistanceMicro == 0));
        await stage.Pool.DecideAsync(new CheckDecidedItem(job.Cid, Cast.Bob, CheckVerdicts.Right, Usdc.Parse("0.01")) { Checker = Cast.Alice, ProofCid = proof.Cid });
        await stage.Witness.ExpectAsync($"decided {job.Cid} right {Cast.Alice}");
    }

    [Fact]
    public async Task An_answer_of_another_model_has_no_result()
    {
        await using var stage = await new MinerStage(backend: new TokenBackend(Vocabulary("four"))).StartAsync();
        var (job, proof) = await AnsweredAsync(stage, Vocabulary("four"), modelSha256: new string('d', 64));
        await stage.Pool.CheckAsync(Scored(job, proof));

        var check = (CheckSnapshot)(await stage.Pool.ExpectAsync<CheckSnapshot>()).Body;
        Assert.Equal((CheckResults.None, 0, "The answer is another model's than the one here."), (check.Result, check.Positions, check.Detail));
    }

    // Says one of "four", "five", then "."; both are tokens of it.
    private static ScriptedTokens Vocabulary(string says)
    {
        var tokens = new ScriptedTokens("four", "five", ".");
        tokens.Change = (at, logits) =>
        {
            Array.Clear(logits);
            logits[at switch { 0 => says == "four" ? 256 : 257, 1 => 258, _ => tokens.End }] = 100;
            return logits;
        };
        return tokens;
    }

    private static async Task<(SignedSnapshot Job, SignedSnapshot Proof)> AnsweredAsync(MinerStage stage, ScriptedTokens executor, string? modelSha256 = null)
    {
        var input = """{"prompt":"2+2="}"""u8.ToArray();
        var job = await stage.Pool.StoreJobAsync("letters", input, jobType: "text-generation");
        await using var backend = new TokenBackend(executor);
        var result = await ModelRun.RunAsync(backend, job.Cid, new InferenceRequest("letters", "text-generation", input) { WantsEvidence = true }, null, CancellationToken.None);
        var output = stage.Net.Put(result.Output);
        var proof = await SnapshotCodec.SignAsync(
            new ProofSnapshot
            {
                Miner = Cast.Bob,
                Pool = Cast.Pool,
                Network = "local",
                Timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
                Nonce = Nonce.FromRandom(),
                JobCid = job.Cid,
                Attempt = 2,
                Fence = 5,
                Status = SnapshotStatuses.Completed,
                OutputCid = output,
                Metrics = new ProofMetrics { InferenceSeconds = "1", Model = "letters", ModelSha256 = modelSha256 ?? result.Class.ModelSha256, Runtime = "test/1", Device = "cpu", Precision = "fp32" },
                ProofHash = ProofHash.Compute(job.Cid, 2, 5, output, Cast.Bob),
                Salt = new string('5', 64),
                EvidenceCid = stage.Net.Put(result.Evidence),
                EvidenceRoot = EvidencePages.Root(result.Evidence),
            },
            stage.Cast.SignerOf(Cast.Bob),
            CancellationToken.None);
        stage.Net.Put(proof.Bytes);
        return (job, proof);
    }

    private static CheckNewItem Scored(SignedSnapshot job, SignedSnapshot proof) =>
        Check(job, CheckKinds.Score) with { ProofCid = proof.Cid, Model = "letters", JobType = "text-generation" };

    private static CheckNewItem Check(SignedSnapshot job, string kind)
    {
        var until = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeMilliseconds();
        return new CheckNewItem(job.Cid, 2, Cast.Alice, 77, kind, until, until, "queenbee-spine", "image-classification") { ProofCid = kind == CheckKinds.Score ? job.Cid : null };
    }
}
