using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Load;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Benchmarks.Timed;

/// <summary>The rules without a daemon: a state with miners, and inputs that it accepts.</summary>
internal sealed class MachineBench
{
    private const int Miners = 1000;

    private static readonly Crowd Crowd = new(SignatureEngines.Best);
    private static readonly NameFact Signer = new(Crowd.Signer(Load.Crowd.Pool).Address, Crowd.Signer(Load.Crowd.Pool).Address, 0, null);
    private static readonly PoolFacts MessageFacts = new() { Signer = Signer };
    private static readonly PoolFacts ProofFacts = new() { Signer = Signer, Verdict = new VerdictFact("hashes", false) };

    private readonly Messages messages = new(Crowd, TimeProvider.System);
    private int next;

    public MachineBench()
    {
        At = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        Step(new StartedInput(1, new PoolSettings
        {
            ClaimTimeoutMs = 3_600_000,
            MaxAttempts = 3,
            MaxAttemptMs = 3_600_000,
            MaxDeadlineMs = 7L * 24 * 3600 * 1000,
            MaxAmount = Usdc.Parse("1000"),
            ClaimsPerMiner = int.MaxValue,
            CoolDownMs = 0,
            MinMinerStake = Usdc.Zero,
            JobsPerClient = int.MaxValue,
            MaxJobs = 10_000_000,
            MaxMiners = 100_000,
            OperationsName = Load.Crowd.Pool,
            OperationsAddress = Signer.Payout,
        }), PoolFacts.None);
        for (var i = 0; i < Miners; i++)
        {
            Step(Messages.Formed(messages.Registration(Load.Crowd.Miner(i))));
        }
    }

    public PoolState State { get; } = new();

    public long At { get; }

    public SignedSnapshot Job() => Messages.Formed(messages.Job(Load.Crowd.Client(next++ % 1000)));

    public SignedSnapshot Claim(Cid job) => Messages.Formed(messages.Claim(job, Load.Crowd.Miner(next++ % Miners)));

    public SignedSnapshot Proof(Cid job)
    {
        var lease = State.Jobs[job].Leases[0];
        return Messages.Formed(messages.Proof(job, lease.Miner, lease.Fence, job));
    }

    /// <summary>Decides and applies; throws when the rules do not accept it.</summary>
    public PoolRecord Step(SignedSnapshot snapshot) => Step(new MessageInput(snapshot), snapshot.Body is ProofSnapshot ? ProofFacts : MessageFacts);

    /// <summary>Fills the state with pending jobs by events alone: their messages are not what is measured.</summary>
    public void Fill(int pending, List<Cid> cids)
    {
        for (var i = 0; i < pending; i++)
        {
            var cid = Cid.OfBlock(BitConverter.GetBytes((long)i));
            cids.Add(cid);
            State.Apply(State.Sequence + 1, At, [Accepted(cid, i)]);
        }
    }

    public JobAccepted Accepted(Cid cid, int number) => new(
        cid, Load.Crowd.Client(number % 1000), "image-classification", Messages.Model, Usdc.FromMicro(10_000), At + 3_600_000 + (number % 100_000), 3_600_000, 1, Miners);

    private PoolRecord Step(PoolInput input, PoolFacts facts)
    {
        var decision = PoolMachine.Decide(State, input, facts, At);
        if (decision.Kind != DecisionKind.Accepted)
        {
            throw new InvalidOperationException($"The rules do not accept the step: {decision.Kind} {decision.Refusal}");
        }

        var record = new PoolRecord(State.Sequence + 1, At, State.Sequence + 1, input, facts, decision.Events);
        State.Apply(record.Sequence, At, decision.Events);
        return record;
    }
}
