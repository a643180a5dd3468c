using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool.Checks;

/// <summary>Jobs that pay by what is counted, where work is checked.</summary>
public sealed class MeteredCheckTests : IDisposable
{
    private static readonly JobRates Rates = new() { Base = 1000, InputTokens = 50_000, OutputTokens = 200_000 };

    private readonly CheckBench bench = new();

    public void Dispose() => bench.AssertReplays();

    /// <summary>A prompt that its miner pads is paid as the checker counted it; and the check is worth a share of that, not of the ceiling.</summary>
    [Fact]
    public void Whoever_checks_it_counts_too()
    {
        var (miner, other) = (bench.Miner(1), bench.Miner(2));
        var (job, fence) = Claimed(miner);
        Bench.Accepted(bench.Commit(job, miner, fence, "7"));
        var check = Assert.Single(bench.ChecksOf(job));
        Bench.Accepted(bench.Commit(job, other, check.Fence, "7"));
        Bench.Refused(ErrorCodes.EvidenceMissing, Reveal(job, other, check.Fence, null));
        Bench.Accepted(Reveal(job, other, check.Fence, new JobUsage { InputTokens = 20, OutputTokens = 5 }));
        var events = Bench.Accepted(Reveal(job, miner, fence, new JobUsage { InputTokens = 900, OutputTokens = 5 })).Events;

        // 1,000 + 20 × 50 + 5 × 200 = 3,000, and a tenth of it.
        var decided = events.OfType<JobDecided>().Single();
        Assert.Equal(3000, decided.Parts.Single().Price.Micro);
        Assert.Equal(new JobUsage { InputTokens = 20, OutputTokens = 5 }, decided.Usage);
        Assert.Equal(300, events.OfType<CheckDecided>().Single().Fee.Micro);
        Assert.Equal((Usdc.FromMicro(3000), 3000), (bench.State.Jobs[job].Charge, bench.Trust(miner).HeldMicro));
    }

    [Fact]
    public void With_nobody_to_check_it_its_own_count_is_charged()
    {
        var miner = bench.Miner(1);
        var (job, fence) = Claimed(miner);
        Bench.Accepted(bench.Commit(job, miner, fence, "7"));
        for (var i = 0; i < 1000 && bench.State.Jobs[job].Leases is [{ Reveals: not true }]; i++)
        {
            bench.Pool.Pass(1000); // Until nobody is looked for any longer.
        }

        var decided = Bench.Accepted(Reveal(job, miner, fence, new JobUsage { InputTokens = 20, OutputTokens = 5 })).Events.OfType<JobDecided>().Single();
        Assert.Equal(3000, decided.Parts.Single().Price.Micro);
    }

    private (Cid Job, long Fence) Claimed(EnsName miner)
    {
        var job = Bench.Signed(bench.Pool.Messages.Job("0.5") with { Payment = new JobPayment(Usdc.Parse("0.5")) { Rates = Rates } });
        Bench.Accepted(bench.Pool.Send(job));
        return (job.Cid, bench.Pool.Claim(job.Cid, miner));
    }

    private Decision Reveal(Cid job, EnsName miner, long fence, JobUsage? usage) => bench.Pool.Send(
        new MessageInput(Bench.Signed(bench.Proof(job, miner, fence, "7"))),
        new PoolFacts
        {
            Signer = new NameFact(CheckBench.PayeeOf(miner), CheckBench.PayeeOf(miner), 0, null),
            Verdict = new VerdictFact("hashes", false) { Usage = usage },
        });
}
