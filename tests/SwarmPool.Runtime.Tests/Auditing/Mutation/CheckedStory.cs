using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing.Mutation;

/// <summary>The true story of a small pool that checks work by doing it again and holds it for an epoch: one of four miners lies, and is found out.</summary>
internal sealed class CheckedStory
{
    private static readonly string Salt = new('7', 64);

    private static readonly PoolSettings Settings = HeldPool.SettingsOf(1) with { MinMinerStake = Usdc.Parse("10") };

    private readonly Messages messages;
    private long at = Bench.Start;

    private CheckedStory() => messages = new Messages(() => at / 1000);

    public Operator Teller { get; } = new();

    private static EnsName Liar => Messages.Miner(4);

    private PoolState State => Teller.State;

    public static async Task<Operator> TellAsync()
    {
        var story = new CheckedStory();
        await story.TellAsync(new StartedInput(1, Settings));
        await story.DrawAsync();
        foreach (var miner in Enumerable.Range(1, 4))
        {
            await story.SendAsync(story.messages.Registration(Messages.Miner(miner)));
        }

        await story.DoneAsync("1", Messages.Miner(1));
        await story.DoneAsync("2", Liar);
        await story.EpochAsync();
        await story.DoneAsync("4", Liar, lies: true);
        await story.DoneAsync("0.5", Messages.Miner(2), givesBack: true);
        await story.EpochAsync();
        await story.DoneAsync("0.25", Messages.Miner(3), check: JobChecks.Always);
        await story.EpochAsync();
        await story.EpochAsync();
        return story.Teller;
    }

    private async Task EpochAsync()
    {
        at += 1_000;
        await TellAsync(new EpochEndInput());
        await DrawAsync();
        await TellAsync(new SettledInput(0));
        await TellAsync(new SealedInput(0, default));
    }

    private async Task DrawAsync() => await TellAsync(new DrawInput(), new PoolFacts { Draw = new DrawFact(HeldPool.SecretOf(State.Epochs.Open!.Number)) });

    private async Task DoneAsync(string amount, EnsName miner, bool lies = false, bool givesBack = false, string? check = null)
    {
        var job = (await SendAsync(messages.Job(amount) with { Check = check })).Cid;
        for (var by = miner; State.Jobs[job].IsOpen; by = Messages.Miner(1))
        {
            var attempt = State.Jobs[job].Attempt;
            at += 1_234;
            await SendAsync(messages.Claim(job, by, attempt));
            await CommitAsync(job, by, State.Fence, attempt, lies);
            while (State.Jobs[job] is { IsOpen: true } entry && entry.Attempt == attempt)
            {
                var works = entry.Checking?.Works.FindAll(static work => !work.HasResult) ?? [];
                at += 321;
                if (entry.Leases.Find(static lease => lease.Reveals == true) is { } lease)
                {
                    await RevealAsync(job, lease.Miner, lease.Fence, attempt, lies);
                }
                else if (works.Find(static work => work.Reveals == true) is { } shows)
                {
                    await RevealAsync(job, shows.Miner, shows.Fence, attempt, lies);
                }
                else if (works.Find(static work => work.Commitment is null) is { } runs)
                {
                    if (givesBack)
                    {
                        givesBack = false;
                        await SendAsync(messages.Release(job, runs.Miner, runs.Fence, attempt, LeaseEndReasons.Failed, "out of memory"));
                    }
                    else
                    {
                        await CommitAsync(job, runs.Miner, runs.Fence, attempt, lies);
                    }
                }
            }
        }
    }

    private static string AnswerOf(EnsName miner, bool lies) => lies && miner == Liar ? "a lie" : "an output";

    private async Task CommitAsync(Cid job, EnsName miner, long fence, int attempt, bool lies) => await SendAsync(new CommitmentSnapshot
    {
        Pool = Messages.Pool,
        Network = "local",
        Timestamp = at / 1000,
        Nonce = Nonce.FromHash(System.Text.Encoding.UTF8.GetBytes($"{job} {fence} {at}")),
        Miner = miner,
        JobCid = job,
        Attempt = attempt,
        Fence = fence,
        Commitment = ProofCommitment.Compute(job, attempt, fence, miner, Messages.AnyCid(AnswerOf(miner, lies)), null, Salt),
    });

    private async Task RevealAsync(Cid job, EnsName miner, long fence, int attempt, bool lies) =>
        await SendAsync(messages.Proof(job, miner, fence, Messages.AnyCid(AnswerOf(miner, lies)), attempt) with { Salt = Salt });

    private async Task<SignedSnapshot> SendAsync(Snapshot body)
    {
        var signed = await TestNetwork.SignAsync(body);
        await TellAsync(new MessageInput(signed), new PoolFacts
        {
            Signer = Story.Own(body.Signer),
            InputBytes = body is JobSnapshot ? 8 : null,
            Verdict = body is ProofSnapshot ? new VerdictFact(VerdictFact.BuiltIn, false) : null,
        });
        return signed;
    }

    private async Task TellAsync(PoolInput input, PoolFacts? facts = null) =>
        Assert.True(await Teller.TellAsync(new PoolRecord(0, at, 0, input, facts ?? PoolFacts.None, [])), $"The rules do not take the {input} of {at}.");
}
