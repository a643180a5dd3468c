using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>
/// Four hours of a pool whose miners and clients sign by session keys: caps that are used up and given back, a key that is taken back
/// and one that is taken back unseen, expiries, a client that is a contract; and what is refused meanwhile.
/// </summary>
internal sealed class SessionStory
{
    private static readonly EnsName Miner = Messages.Miner(1);
    private static readonly EnsName Safe = EnsName.Parse("safe.bob.eth");
    private static readonly EthAddress Contract = EthAddress.Parse("0x00000000000000000000000000000000000000cc");

    private readonly GoldenPool pool = new(Bench.DefaultSettings with { Rules = PoolMachine.CurrentRules, HeadStartMs = 2000 });
    private readonly List<(PoolRecord Record, string Code)> refused = [];
    private int nonce;

    /// <summary>All that the rules refuse of session keys but too many of them, which would be a long story.</summary>
    public static IEnumerable<string> Codes { get; } = new[]
    {
        ErrorCodes.DelegationExpired, ErrorCodes.DelegationRole, ErrorCodes.DelegationRevoked, ErrorCodes.DelegationKey, ErrorCodes.DelegationInvalid,
        ErrorCodes.SpendingCap, ErrorCodes.InFuture,
    }.Order(StringComparer.Ordinal);

    private Bench Bench => pool.Bench;

    private long Now => Bench.At / 1000;

    /// <summary>Lives through it and gives its records as a journal stores them, and what was refused.</summary>
    public static async Task<(IReadOnlyList<JournalRecord> Records, IReadOnlyList<(PoolRecord Record, string Code)> Refused)> TellAsync()
    {
        var story = new SessionStory();
        await story.RunAsync();
        return (story.pool.Stored(), story.refused);
    }

    private async Task RunAsync()
    {
        var miner = await OpenAsync(Miner, DelegationRoles.Miner, hours: 2);
        Send(miner, await miner.SignAsync(Bench.Messages.Registration(Miner)));
        await SpendAsync(miner);
        await OfAContractAsync(miner);
        await RunOutAsync();
        await TakeBackAsync(miner);
        await TakeBackUnseenAsync();
        await MistakeAsync();
        await pool.EpochAsync(seal: true);

        // What has expired is forgotten when the next comes; the next term goes on by a new one.
        Bench.Pass(3 * 3_600_000);
        Bench.Accepted(Bench.Send(new StartedInput(2, Bench.Settings)));
        miner = await OpenAsync(Miner, DelegationRoles.Miner, hours: 2, key: "session2.eth");
        Send(miner, await miner.SignAsync(Bench.Messages.Registration(Miner)));
        var client = await OpenAsync(Messages.Client, DelegationRoles.Client, hours: 24, "2.5", "session2.eth");
        await DoAsync(miner, await JobAsync(client, "0.5"));
        await pool.EpochAsync(seal: true);

        // And it ends with a job under way, a cap in use and a key that is taken back.
        await ClaimAsync(miner, await JobAsync(client, "2"));
        await pool.SendAsync(miner.Revocation(Now) with { Nonce = Nonce() });
        Refuse(client, await client.SignAsync(Bench.Messages.Job("0.000001")), ErrorCodes.SpendingCap);
    }

    /// <summary>A cap is used up, and what nobody pays for is free again.</summary>
    private async Task SpendAsync(Session miner)
    {
        var client = await OpenAsync(Messages.Client, DelegationRoles.Client, hours: 1, "5");
        await DoAsync(miner, await JobAsync(client, "2"));
        var open = await JobAsync(client, "3");
        Refuse(client, await client.SignAsync(Bench.Messages.Job("0.000001")), ErrorCodes.SpendingCap);
        Send(client, await client.SignAsync(Bench.Messages.Cancel(open)));
        Refuse(client, await client.SignAsync(Bench.Messages.Job("3.000001")), ErrorCodes.SpendingCap);
        await DoAsync(miner, await JobAsync(client, "3"), renew: true);
        Refuse(client, await client.SignAsync(Bench.Messages.Job("0.000001")), ErrorCodes.SpendingCap);

        // The name's own key is bound by no cap.
        await DoAsync(miner, (await pool.SendAsync(Bench.Messages.Job("7"))).Cid);
    }

    /// <summary>A contract vouches for a delegation: what was signed is of a form of its own, and only its word is recorded.</summary>
    private async Task OfAContractAsync(Session miner)
    {
        var session = await Session.OpenAsync(Safe, DelegationRoles.Client, Now, "1", change: d => d with { Nonce = Nonce() });
        Assert.True(SnapshotCodec.TryDecode(SnapshotCodec.Canonical(session.Body with { Sig = "0x" + new string('5', 260) }), out var delegation, out _));
        Assert.Equal(session.Delegation.Digest, delegation.Digest);
        Bench.Accepted(Bench.Send(new MessageInput(delegation), new PoolFacts { Signer = new NameFact(Contract, Contract, 19, null, ByContract: true) }));
        var fact = session.Fact with { Payout = Contract, Block = 19 };
        var job = await SnapshotCodec.SignAsync(Bench.Messages.Job("1", client: Safe) with { Delegation = delegation.Cid }, session.Signer, CancellationToken.None);
        Bench.Accepted(Bench.Send(new MessageInput(job), new PoolFacts { Signer = fact }));
        await DoAsync(miner, job.Cid);
    }

    /// <summary>A delegation expires while a job of its waits; the job is done all the same.</summary>
    private async Task RunOutAsync()
    {
        var client = await OpenAsync(Messages.Client, DelegationRoles.Client, hours: 1, "4", "short.eth", lasts: 600);
        var job = await JobAsync(client, "1");
        Bench.Pass(600_000);
        Refuse(client, await client.SignAsync(Bench.Messages.Job("1")), ErrorCodes.DelegationExpired);
        var over = await Session.OpenAsync(Messages.Client, DelegationRoles.Client, Now, "4", change: d => d with { Nonce = Nonce(), Timestamp = Now - 10, Expires = Now });
        Refuse(over, over.Delegation, ErrorCodes.DelegationExpired, own: true);
        await pool.SendAsync(Bench.Messages.Registration(Messages.Miner(2)));
        await pool.SendAsync(Bench.Messages.Claim(job, Messages.Miner(2)));
        await pool.SendAsync(Bench.Messages.Proof(job, Messages.Miner(2), Bench.State.Fence, Messages.AnyCid("an output")));
    }

    private async Task TakeBackAsync(Session miner)
    {
        var job = (await pool.SendAsync(Bench.Messages.Job("1"))).Cid;
        var fence = await ClaimAsync(miner, job);
        await pool.SendAsync(miner.Revocation(Now) with { Nonce = Nonce() });
        Refuse(miner, await miner.SignAsync(Bench.Messages.Proof(job, Miner, fence, Messages.AnyCid("an output"))), ErrorCodes.DelegationRevoked);
        Refuse(miner, miner.Delegation, ErrorCodes.DelegationRevoked, own: true);

        // The name itself goes on.
        await pool.SendAsync(Bench.Messages.Proof(job, Miner, fence, Messages.AnyCid("an output")));
    }

    private async Task TakeBackUnseenAsync()
    {
        var stolen = await SessionOf(Messages.Miner(3), DelegationRoles.Miner, hours: 1, null, "stolen.eth", null);
        await pool.SendAsync(stolen.Revocation(Now) with { Nonce = Nonce() });
        Refuse(stolen, stolen.Delegation, ErrorCodes.DelegationRevoked, own: true);
        Refuse(stolen, await stolen.SignAsync(Bench.Messages.Registration(Messages.Miner(3))), ErrorCodes.DelegationRevoked);
    }

    private async Task MistakeAsync()
    {
        var session = await OpenAsync(Messages.Miner(2), DelegationRoles.Miner, hours: 1, key: "right.eth");
        var other = await SessionOf(Messages.Miner(2), DelegationRoles.Miner, hours: 1, null, "wrong.eth", null);
        Refuse(session, await session.SignAsync(Bench.Messages.Job("1", client: Messages.Miner(2))), ErrorCodes.DelegationRole);
        Refuse(other, await other.SignAsync(Bench.Messages.Registration(Messages.Miner(2), timestamp: Now + 1)), ErrorCodes.DelegationInvalid);
        var registration = Bench.Messages.Registration(Messages.Miner(2), timestamp: Now + 1) with { Delegation = session.Delegation.Cid };
        Refuse(
            session.Fact with { Account = other.Signer.Address }, await SnapshotCodec.SignAsync(registration, other.Signer, CancellationToken.None), ErrorCodes.DelegationKey);
        var early = await Session.OpenAsync(
            Messages.Miner(2), DelegationRoles.Miner, Now, change: d => d with { Nonce = Nonce(), Timestamp = Now + 301, Expires = Now + 1000 });
        Refuse(early, early.Delegation, ErrorCodes.InFuture, own: true);
    }

    private async Task<Session> OpenAsync(EnsName name, string role, int hours, string? cap = null, string key = "session.eth", long? lasts = null)
    {
        var session = await SessionOf(name, role, hours, cap, key, lasts);
        Bench.Accepted(Bench.Send(session.Delegation));
        return session;
    }

    private Task<Session> SessionOf(EnsName name, string role, int hours, string? cap, string key, long? lasts) => Session.OpenAsync(
        name, role, Now, cap, key, change: d => d with { Nonce = Nonce(), Expires = Now + (lasts ?? hours * 3600) });

    private async Task<Cid> JobAsync(Session client, string amount)
    {
        var job = await client.SignAsync(Bench.Messages.Job(amount));
        Send(client, job);
        return job.Cid;
    }

    private async Task DoAsync(Session miner, Cid job, bool renew = false)
    {
        var fence = await ClaimAsync(miner, job);
        if (renew)
        {
            Bench.At += 40_000;
            Send(miner, await miner.SignAsync(Bench.Messages.Heartbeat(Miner, job, fence)));
        }

        Bench.At += 1_234;
        Send(miner, await miner.SignAsync(Bench.Messages.Proof(job, Miner, fence, Messages.AnyCid("an output"))));
    }

    private async Task<long> ClaimAsync(Session miner, Cid job)
    {
        Send(miner, await miner.SignAsync(Bench.Messages.Claim(job, Miner)));
        return Bench.State.Fence;
    }

    private void Send(Session session, SignedSnapshot signed) => Bench.Accepted(Bench.Send(new MessageInput(signed), FactsOf(session.Fact, signed)));

    private void Refuse(Session session, SignedSnapshot signed, string code, bool own = false) =>
        Refuse(own ? session.Fact with { Account = session.Fact.Payout, Delegation = null } : session.Fact, signed, code);

    private void Refuse(NameFact signer, SignedSnapshot signed, string code)
    {
        var record = new PoolRecord(Bench.State.Sequence + 1, Bench.At, Bench.State.Sequence + 1, new MessageInput(signed), FactsOf(signer, signed), []);
        Bench.Refused(code, Bench.Send(record.Input!, record.Facts));
        refused.Add((record, code));
    }

    private static PoolFacts FactsOf(NameFact signer, SignedSnapshot signed) => new()
    {
        Signer = signer,
        Verdict = signed.Body is ProofSnapshot ? new VerdictFact("hashes", NeedReplica: false) : null,
    };

    private string Nonce() => (++nonce).ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
}
