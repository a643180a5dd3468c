using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>
/// Three hours of a small pool in which everything happens that can: what a golden journal of the present rules is made of.
/// /// </summary>
internal sealed class GoldenStory
{
    private readonly GoldenPool pool = new(Bench.DefaultSettings with
    {
        MaxAttempts = 2,
        Rules = PoolMachine.CurrentRules,
        HeadStartMs = 2000,
        MinAmount = Usdc.FromMicro(1),
        MaxUnpaid = Usdc.Parse("1000"),
        RegistrationWindowMs = 300_000,
        IdleMinerMs = 3_600_000,
        ClientShare = 2,
        OfferLength = 512,
    });

    private Bench Bench => pool.Bench;

    /// <summary>Lives through it and gives its records as a journal stores them.</summary>
    public static async Task<IReadOnlyList<JournalRecord>> TellAsync()
    {
        var story = new GoldenStory();
        await story.RunAsync();
        return story.pool.Stored();
    }

    private async Task RunAsync()
    {
        await SendAsync(Bench.Messages.Registration(Messages.Miner(1), MiningMode.PPS));
        await SendAsync(Bench.Messages.Registration(Messages.Miner(2), MiningMode.SOLO));
        await SendAsync(Bench.Messages.Registration(Messages.Miner(3), MiningMode.PPS));
        await DoneAsync(1, "1", renew: true);
        await ReplicatedAsync();
        await DoubtedAsync();
        await DisagreedAsync();
        await StrangersDisagreeAsync();
        await TakenBackAsync();
        await RanOutAsync();
        await BlamedAsync();
        await HeldUpAsync();
        await ExpiredAsync();
        await DelegatedAsync();
        await pool.EpochAsync(seal: true);

        Bench.Accepted(Bench.Send(new StartedInput(2, Bench.Settings with { MaxAttempts = 3, ClaimTimeoutMs = 90_000 })));
        for (var i = 0; i < 12; i++)
        {
            await DoneAsync(1 + (i % 3), $"0.{i + 1:000000}", renew: false);
        }

        Bench.Pass(3 * 3_600_000); // What is long over is forgotten.
        await pool.EpochAsync(seal: true);
        await DoneAsync(2, "12.5", renew: false);
        await pool.EpochAsync(seal: false);

        // And it ends in the middle of things.
        await SendAsync(Bench.Messages.Job("3"));
        await ClaimAsync(await JobAsync("4", replicas: 2), 3);
    }

    private async Task DoneAsync(int miner, string amount, bool renew)
    {
        var job = await JobAsync(amount);
        var fence = await ClaimAsync(job, miner);
        if (renew)
        {
            Bench.At += 40_000;
            await SendAsync(Bench.Messages.Heartbeat(Messages.Miner(miner), job, fence));
        }

        Bench.At += 1_234;
        await ProveAsync(job, miner, fence);
    }

    private async Task ReplicatedAsync()
    {
        var job = await JobAsync("0.000003", replicas: 2);
        await ProveAsync(job, 1, await ClaimAsync(job, 1));
        await ProveAsync(job, 2, await ClaimAsync(job, 2));
    }

    private async Task DoubtedAsync()
    {
        var job = await JobAsync("2");
        await ProveAsync(job, 3, await ClaimAsync(job, 3), needReplica: true);
        await ProveAsync(job, 1, await ClaimAsync(job, 1));
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
    private async Task StrangersDisagreeAsync()
    {
        await SendAsync(Bench.Messages.Registration(Messages.Miner(4), MiningMode.PPS));
        await SendAsync(Bench.Messages.Registration(Messages.Miner(5), MiningMode.PPS));
        var job = await JobAsync("2", replicas: 2);
        await ProveAsync(job, 4, await ClaimAsync(job, 4), "this");
        await ProveAsync(job, 5, await ClaimAsync(job, 5), "that");
        await ProveAsync(job, 1, await ClaimAsync(job, 1, 2), "this", attempt: 2);
        await ProveAsync(job, 2, await ClaimAsync(job, 2, 2), "this", attempt: 2);
    }

    private async Task TakenBackAsync() => await SendAsync(Bench.Messages.Cancel(await JobAsync("1")));

    private async Task RanOutAsync()
    {
        var job = await JobAsync("1");
        await ClaimAsync(job, 3);
        Bench.Pass(60_000);
        await ProveAsync(job, 1, await ClaimAsync(job, 1, 2), attempt: 2);
    }

    private async Task BlamedAsync()
    {
        var job = await JobAsync("1");
        await SendAsync(Bench.Messages.Release(job, Messages.Miner(1), await ClaimAsync(job, 1), 1, "failed"));
        await SendAsync(Bench.Messages.Release(job, Messages.Miner(2), await ClaimAsync(job, 2, 2), 2, "failed"));
    }

    private async Task HeldUpAsync()
    {
        var job = await JobAsync("1");
        var fence = await ClaimAsync(job, 2);
        Bench.At += 200_000;
        Bench.Accepted(Bench.Send(new ResumedInput()));
        await ProveAsync(job, 2, fence);
    }

    private async Task ExpiredAsync()
    {
        await SendAsync(Bench.Messages.Job("1", deadline: (Bench.At / 1000) + 100));
        Bench.Pass(200_000);
    }

    private async Task DelegatedAsync()
    {
        var session = await Session.OpenAsync(Messages.Client, DelegationRoles.Client, Bench.At / 1000, "5", change: d => d with { Nonce = new string('d', 32) });
        Bench.Accepted(Bench.Send(session.Delegation));
        var job = await session.SignAsync(Bench.Messages.Job("2"));
        Bench.Accepted(Bench.Send(new MessageInput(job), new PoolFacts { Signer = session.Fact }));
        await ProveAsync(job.Cid, 1, await ClaimAsync(job.Cid, 1));
        await SendAsync(session.Revocation(Bench.At / 1000) with { Nonce = new string('e', 32) });
    }

    private async Task<Cid> JobAsync(string amount, int? replicas = null) => (await SendAsync(Bench.Messages.Job(amount, replicas: replicas))).Cid;

    private async Task<long> ClaimAsync(Cid job, int miner, int attempt = 1)
    {
        var with = Bench.State.Miners[Messages.Miner(miner)].With(Messages.Client);
        Bench.At = Math.Max(Bench.At, with?.PauseUntil ?? 0);
        Bench.At = with?.IsGood == true ? Bench.At : Math.Max(Bench.At, Bench.State.Jobs[job].ReservedUntil ?? 0);
        await SendAsync(Bench.Messages.Claim(job, Messages.Miner(miner), attempt));
        return Bench.State.Fence;
    }

    private async Task ProveAsync(Cid job, int miner, long fence, string output = "an output", int attempt = 1, bool needReplica = false) =>
        await SendAsync(Bench.Messages.Proof(job, Messages.Miner(miner), fence, Messages.AnyCid(output), attempt), needReplica);

    private Task<SignedSnapshot> SendAsync(Snapshot body, bool needReplica = false) => pool.SendAsync(body, needReplica);
}
