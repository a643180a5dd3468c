using System.Text;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>
/// A pool that checks work and holds what was earned, by messages that were signed: each epoch has a secret of its own, and whoever is asked for
/// an answer gives what the test says.
/// </summary>
internal sealed class HeldPool
{
    private static readonly string Salt = new('7', 64);

    private HeldPool(int hold) => Pool = new CrookedPool(SettingsOf(hold));

    public CrookedPool Pool { get; }

    public PoolState State => Pool.Bench.State;

    public EnsName Liar { get; } = Messages.Miner(4);

    public static PoolSettings SettingsOf(int hold) => Bench.DefaultSettings with
    {
        Rules = PoolSettings.NewestRules,
        Verifier = VerdictFact.BuiltIn,
        ClaimsPerMiner = 20,
        HeadStartMs = 0,
        Checks = new CheckSettings { HoldEpochs = hold },
    };

    /// <summary>Three honest miners and a liar, who is known by then.</summary>
    public static async Task<HeldPool> OpenAsync(int hold = 2)
    {
        var held = new HeldPool(hold);
        held.Draw();
        foreach (var miner in Enumerable.Range(1, 4))
        {
            await held.Pool.JoinAsync(miner);
        }

        return held;
    }

    /// <summary>
    /// Four epochs. In the first each of two miners does a job honestly, in the second the one of them lies and is found out; the third pays the
    /// first's work but for that miner's; the fourth the second's.
    /// </summary>
    public static async Task<(HeldPool Pool, IReadOnlyList<Cid> Epochs)> ToldAsync(
        Func<SettlementFact, SettlementFact>? settled = null, Func<EpochSnapshot, EpochSnapshot>? published = null, int at = 3)
    {
        var held = await OpenAsync();
        await held.DoAsync("1", Messages.Miner(1));
        await held.DoAsync("2", held.Liar);
        var epochs = new List<Cid> { await held.EndEpochAsync() };
        await held.DoAsync("4", held.Liar, lies: true);
        await held.DoAsync("0.5", Messages.Miner(2));
        epochs.Add(await held.EndEpochAsync());
        for (var number = 3; number <= 5; number++)
        {
            epochs.Add(await held.EndEpochAsync(number == at ? settled : null, number == at ? published : null));
        }

        return (held, epochs);
    }

    /// <summary>A miner does a job, and others check it: the liar says something of its own when it lies.</summary>
    public async Task<Cid> DoAsync(string amount, EnsName miner, bool lies = false)
    {
        var job = (await Pool.SendAsync(Pool.Bench.Messages.Job(amount))).Cid;
        await DoAsync(job, miner, lies);
        while (State.Jobs[job].IsOpen)
        {
            await DoAsync(job, Messages.Miner(1), lies); // It went back.
        }

        return job;
    }

    private async Task DoAsync(Cid job, EnsName miner, bool lies)
    {
        var attempt = State.Jobs[job].Attempt;
        await Pool.SendAsync(Pool.Bench.Messages.Claim(job, miner, attempt));
        await CommitAsync(job, miner, State.Fence, attempt, lies);
        while (State.Jobs[job] is { IsOpen: true } entry)
        {
            var works = entry.Checking?.Works.FindAll(static work => !work.HasResult) ?? [];
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
                await CommitAsync(job, runs.Miner, runs.Fence, attempt, lies);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>The open epoch ends, is settled and published, and the next has its draw.</summary>
    public async Task<Cid> EndEpochAsync(Func<SettlementFact, SettlementFact>? settled = null, Func<EpochSnapshot, EpochSnapshot>? published = null)
    {
        Pool.Close();
        Draw();
        Pool.Settle(settled);
        return await Pool.SealAsync(published);
    }

    public void Draw()
    {
        Pool.Bench.Secret = SecretOf(State.Epochs.Open!.Number);
        Bench.Accepted(Pool.Bench.Send(new DrawInput(), new PoolFacts { Draw = new DrawFact(Pool.Bench.Secret) }));
    }

    public static string SecretOf(long epoch) => $"5ec2e7{epoch:d58}";

    private string AnswerOf(EnsName miner, bool lies) => lies && miner == Liar ? "a lie" : "an output";

    private async Task CommitAsync(Cid job, EnsName miner, long fence, int attempt, bool lies) => await Pool.SendAsync(new CommitmentSnapshot
    {
        Pool = Messages.Pool,
        Network = "local",
        Timestamp = Pool.Bench.At / 1000,
        Nonce = Nonce.FromHash(Encoding.UTF8.GetBytes($"{job} {fence} {Pool.Bench.At}")),
        Miner = miner,
        JobCid = job,
        Attempt = attempt,
        Fence = fence,
        Commitment = ProofCommitment.Compute(job, attempt, fence, miner, Messages.AnyCid(AnswerOf(miner, lies)), null, Salt),
    });

    private async Task RevealAsync(Cid job, EnsName miner, long fence, int attempt, bool lies) =>
        await Pool.SendAsync(Pool.Bench.Messages.Proof(job, miner, fence, Messages.AnyCid(AnswerOf(miner, lies)), attempt) with { Salt = Salt });
}
