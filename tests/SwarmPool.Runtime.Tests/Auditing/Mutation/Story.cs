using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing.Mutation;

/// <summary>The true story of a small pool, in three epochs, in which everything happens that can.</summary>
internal sealed class Story
{
    public const string Asking = "judge";

    private static readonly PoolSettings Present = Bench.DefaultSettings with
    {
        Rules = PoolMachine.CurrentRules,
        HeadStartMs = 2000,
        MinAmount = Usdc.FromMicro(1),
        MaxUnpaid = Usdc.Parse("1000"),
        RegistrationWindowMs = 300_000,
        ClientShare = 2,
        IdleMinerMs = 3_600_000,
        OfferLength = 512,
    };

    private static readonly JobRates Rates = new() { Base = 5, InputTokens = 3, OutputTokens = 4, Seconds = 2, Pictures = 7 };

    private readonly PoolSettings settings;
    private readonly Messages messages;
    private long at = Bench.Start;
    private long term;

    private Story(PoolSettings settings)
    {
        this.settings = settings;
        messages = new Messages(() => at / 1000);
    }

    public Operator Teller { get; } = new();

    private long Now => at / 1000;

    private Cid? Pack => settings.Models?[0].PackCid;

    /// <summary>All of it, by the verifier that ships.</summary>
    public static async Task<Operator> TellAsync()
    {
        var story = new Story(Present with { MaxAttempts = 2, MinMinerStake = Usdc.Parse("10"), Verifier = VerdictFact.BuiltIn });
        await story.FirstAsync();
        await story.EpochAsync();
        await story.StartAsync();
        await story.DoneAsync(1, "0.5");
        await story.DoneAsync(3, "0.000007");
        story.at += 3 * 3_600_000; // What is long over is forgotten.
        await story.EpochAsync();
        await story.DoneAsync(2, "12.5");
        await story.EpochAsync();
        return story.Teller;
    }

    /// <summary>
    /// A short one with a verifier that may ask for replicas, and does, in a pool that binds its model to a pack, has prices, and counts what a job pays by.
    /// </summary>
    public static async Task<Operator> TellOfAskingAsync()
    {
        var story = new Story(Present with { Verifier = Asking, VerifierMayAsk = true, Models = [new PoolModel(Messages.Model, Messages.AnyCid("a pack")) { ModelSha256 = [new string('a', 64), new string('b', 64)] }], Prices = [new ModelPriceItem("other", Rates)] });
        await story.StartAsync();
        await story.JoinAsync();
        await story.DoneAsync(1, "1");
        var job = await story.JobAsync("2");
        await story.ProveAsync(job, 3, await story.ClaimAsync(job, 3), needReplica: true);
        await story.ProveAsync(job, 1, await story.ClaimAsync(job, 1));
        await story.CountedAsync();
        await story.EpochAsync();
        return story.Teller;
    }

    private async Task FirstAsync()
    {
        await StartAsync();
        await JoinAsync();
        await DisputedAsync();
        await RenewedAsync();
        await ReplicatedAsync();
        await DisagreedAsync();
        await SendAsync(messages.Cancel(await JobAsync("1")));
        await RanOutAsync();
        await BlamedAsync();
        await GivenBackAsync();
        await HeldUpAsync();
        await SendAsync(messages.Job("1", deadline: Now + 100));
        at += 200_000; // Nobody did it.
        await DelegatedAsync();
        await OfAContractAsync();
        await AskedAsync();
    }

    private async Task StartAsync() => await TellAsync(new StartedInput(++term, settings), PoolFacts.None);

    // What it asks for, and what miners say of their models, of which not all have what others have.
    private async Task AskedAsync()
    {
        var full = new ModelOffer(Messages.Model)
        {
            MemoryBytes = 1000,
            ContextTokens = 100,
            Device = "cpu",
            Precision = "fp32",
            Runtime = "test",
            Warm = true,
            JobMilliseconds = 500,
            MillitokensPerSecond = 2000,
            MinPrice = Usdc.Parse("0.4"),
        };
        at += 1_000;
        await SendAsync(messages.Registration(Messages.Miner(1)) with { Gpus = ["one"], Offers = [full] });
        await SendAsync(messages.Registration(Messages.Miner(2), MiningMode.SOLO) with { Offers = [full with { MemoryBytes = 10, MinPrice = Usdc.Parse("2") }] });
        var needs = new JobNeeds { MemoryBytes = 100, ContextTokens = 50, OutputTokens = 10, Device = "cpu", Precision = "fp32", Runtime = "test" };
        var job = await SendAsync(messages.Job("0.5") with { Needs = needs });
        await SendAsync(messages.Release(job.Cid, Messages.Miner(1), await ClaimAsync(job.Cid, 1), 1));
        await DoneAsync(1, job.Cid, attempt: 2);
    }

    private async Task JoinAsync()
    {
        string[] offered = [Messages.Model, .. Pack is { } pack ? [pack.ToString()] : Array.Empty<string>()];
        await SendAsync(messages.Registration(Messages.Miner(1), models: offered) with { Gpus = ["one"] });
        await SendAsync(messages.Registration(Messages.Miner(2), MiningMode.SOLO, models: offered));
        await SendAsync(messages.Registration(Messages.Miner(3), models: [.. offered, "other"]));
    }

    private async Task EpochAsync()
    {
        at += 1_000;
        await TellAsync(new EpochEndInput(), PoolFacts.None);
        await TellAsync(new SettledInput(0), PoolFacts.None);
        await TellAsync(new SealedInput(0, default), PoolFacts.None);
    }

    private async Task DoneAsync(int miner, string amount) => await DoneAsync(miner, await JobAsync(amount));

    private async Task DoneAsync(int miner, Cid job, int attempt = 1)
    {
        var fence = await ClaimAsync(job, miner, attempt);
        at += 1_234;
        await ProveAsync(job, miner, fence, attempt: attempt);
    }

    private async Task RenewedAsync()
    {
        var job = (await SendAsync(messages.Job("1", limit: 300))).Cid;
        var fence = await ClaimAsync(job, 1);
        at += 40_000;
        await SendAsync(messages.Heartbeat(Messages.Miner(1), job, fence) with { Progress = 40, Stats = new MinerStats(1, Usdc.Parse("2"), Now) });
        await ProveAsync(job, 1, fence);
    }

    private async Task ReplicatedAsync()
    {
        var job = await JobAsync("0.000003", replicas: 2);
        await ProveAsync(job, 1, await ClaimAsync(job, 1));
        await ProveAsync(job, 2, await ClaimAsync(job, 2));
    }

    private async Task DisagreedAsync()
    {
        var job = await JobAsync("2", replicas: 2);
        await ProveAsync(job, 1, await ClaimAsync(job, 1), "this");
        await ProveAsync(job, 2, await ClaimAsync(job, 2), "that");
        await ProveAsync(job, 1, await ClaimAsync(job, 1, 2), "this", attempt: 2);
        await ProveAsync(job, 3, await ClaimAsync(job, 3, 2), "this", attempt: 2);
    }

    // Nobody has reason to believe either of two new miners.
    private async Task DisputedAsync()
    {
        var job = await JobAsync("2", replicas: 2);
        await ProveAsync(job, 1, await ClaimAsync(job, 1), "this");
        await ProveAsync(job, 2, await ClaimAsync(job, 2), "that");
        await ProveAsync(job, 1, await ClaimAsync(job, 1, 2), "this", attempt: 2);
        await ProveAsync(job, 3, await ClaimAsync(job, 3, 2), "this", attempt: 2);
    }

    // 5 + (10 × 3 + 20 × 4 + 1,500 × 2 + 1,000 × 1 × 7) / 1,000 = 15.11: 16 micro-USDC.
    private async Task CountedAsync()
    {
        var job = await SendAsync(messages.Job("1") with { Payment = new JobPayment(Usdc.Parse("1")) { Rates = Rates } });
        var proof = Proof(job.Cid, 1, await ClaimAsync(job.Cid, 1), "an output", 1) with { EvidenceCid = Messages.AnyCid("an evidence"), EvidenceRoot = "0x" + new string('e', 64) };
        var signed = await TestNetwork.SignAsync(proof);
        var facts = Facts(Own(proof.Signer), proof);
        var usage = new JobUsage { InputTokens = 10, OutputTokens = 20, Milliseconds = 1500, Pictures = 1 };
        await TellAsync(new MessageInput(signed), facts with { Verdict = facts.Verdict! with { Usage = usage } });
        Assert.Equal(16, Teller.State.Jobs[job.Cid].Charge!.Value.Micro);
    }

    private async Task RanOutAsync()
    {
        var job = await JobAsync("1");
        await ClaimAsync(job, 3);
        at += 60_000;
        await DoneAsync(1, job, attempt: 2);
    }

    private async Task BlamedAsync()
    {
        var job = await JobAsync("1");
        await SendAsync(messages.Release(job, Messages.Miner(1), await ClaimAsync(job, 1), 1, "failed"));
        await SendAsync(messages.Release(job, Messages.Miner(2), await ClaimAsync(job, 2, 2), 2, "failed"));
    }

    private async Task GivenBackAsync()
    {
        var job = await JobAsync("1");
        await SendAsync(messages.Release(job, Messages.Miner(2), await ClaimAsync(job, 2), 1));
        await DoneAsync(1, job, attempt: 2);
    }

    private async Task HeldUpAsync()
    {
        var job = await JobAsync("1");
        var fence = await ClaimAsync(job, 2);
        at += 40_000;
        await TellAsync(new ResumedInput(), PoolFacts.None);
        await ProveAsync(job, 2, fence);
    }

    private async Task DelegatedAsync()
    {
        var client = await OpenAsync(Messages.Client, DelegationRoles.Client, "5");
        var miner = await OpenAsync(Messages.Miner(1), DelegationRoles.Miner, null);
        var job = await client.SignAsync(messages.Job("2"));
        await TellAsync(new MessageInput(job), Facts(client.Fact, job.Body));
        var claim = await miner.SignAsync(messages.Claim(job.Cid, Messages.Miner(1)));
        await TellAsync(new MessageInput(claim), Facts(miner.Fact, claim.Body));
        var proof = await miner.SignAsync(Proof(job.Cid, 1, Teller.State.Fence, "an output", 1));
        await TellAsync(new MessageInput(proof), Facts(miner.Fact, proof.Body));
        await SendAsync(client.Revocation(Now));
        await SendAsync(Session.RevocationOf(Messages.Miner(2), new string('d', 64), Now)); // One that the pool never saw.
    }

    private async Task OfAContractAsync()
    {
        var session = await Session.OpenAsync(World.Safe, DelegationRoles.Client, Now, "1");
        Assert.True(SnapshotCodec.TryDecode(SnapshotCodec.Canonical(session.Body with { Sig = "0x" + new string('5', 260) }), out var delegation, out _));
        World.Vouch(delegation);
        await TellAsync(new MessageInput(delegation), new PoolFacts { Signer = new NameFact(World.Contract, World.Contract, 19, null, ByContract: true) });
        var job = await SnapshotCodec.SignAsync(messages.Job("1", client: World.Safe) with { Delegation = delegation.Cid }, session.Signer, CancellationToken.None);
        await TellAsync(new MessageInput(job), new PoolFacts { Signer = session.Fact with { Payout = World.Contract }, InputBytes = 8 });
        await DoneAsync(1, job.Cid);
    }

    private async Task<Session> OpenAsync(EnsName name, string role, string? cap)
    {
        var session = await Session.OpenAsync(name, role, Now, cap, key: $"session.{role}.eth");
        await TellAsync(new MessageInput(session.Delegation), Facts(Own(name), session.Delegation.Body));
        return session;
    }

    private async Task<Cid> JobAsync(string amount, int? replicas = null) => (await SendAsync(messages.Job(amount, replicas: replicas))).Cid;

    private async Task<long> ClaimAsync(Cid job, int miner, int attempt = 1)
    {
        var entry = Teller.State.Jobs[job];
        var with = Teller.State.Miners[Messages.Miner(miner)].With(entry.Client);
        at = Math.Max(at, with?.PauseUntil ?? 0);
        at = with?.IsGood == true ? at : Math.Max(at, entry.ReservedUntil ?? 0);
        await SendAsync(messages.Claim(job, Messages.Miner(miner), attempt));
        return Teller.State.Fence;
    }

    private async Task ProveAsync(Cid job, int miner, long fence, string output = "an output", int attempt = 1, bool needReplica = false) =>
        await SendAsync(Proof(job, miner, fence, output, attempt), needReplica);

    private ProofSnapshot Proof(Cid job, int miner, long fence, string output, int attempt)
    {
        var proof = messages.Proof(job, Messages.Miner(miner), fence, Messages.AnyCid(output), attempt);
        return proof with { Metrics = proof.Metrics with { Confidence = "0.9", PackCid = Pack } };
    }

    private async Task<SignedSnapshot> SendAsync(Snapshot body, bool needReplica = false)
    {
        var signed = await TestNetwork.SignAsync(body);
        await TellAsync(new MessageInput(signed), Facts(Own(body.Signer), body, needReplica));
        return signed;
    }

    private async Task TellAsync(PoolInput input, PoolFacts facts) =>
        Assert.True(await Teller.TellAsync(new PoolRecord(0, at, 0, input, facts, [])), $"The rules do not take the {input} of {at}.");

    public static NameFact Own(EnsName name) => new(World.AccountOf(name), World.AccountOf(name), 7, World.Stake);

    private PoolFacts Facts(NameFact signer, Snapshot body, bool needReplica = false) => new()
    {
        Signer = signer,
        InputBytes = body is JobSnapshot ? 8 : null,
        Verdict = body is ProofSnapshot ? new VerdictFact(settings.Verifier!, needReplica) : null,
    };
}
