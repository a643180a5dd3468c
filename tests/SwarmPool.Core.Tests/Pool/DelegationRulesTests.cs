using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Rules;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>What the rules let a session key do, and for how long, and for how much.</summary>
public sealed class DelegationRulesTests
{
    private const long Now = Bench.Start / 1000;

    private readonly Bench bench = new();

    [Fact]
    public async Task It_is_recorded_once_and_covers_its_role_alone()
    {
        var session = await AcceptedAsync(Messages.Miner(1), DelegationRoles.Miner);
        Assert.Equal(DecisionKind.Nothing, bench.Send(session.Delegation).Kind);
        Bench.Accepted(Send(session, bench.Messages.Registration(Messages.Miner(1))));
        Bench.Refused(ErrorCodes.DelegationRole, Send(session, bench.Messages.Job(client: Messages.Miner(1))));
    }

    [Fact]
    public async Task Nothing_is_done_by_one_that_was_not_recorded_before()
    {
        var session = await Session.OpenAsync(Messages.Miner(1), DelegationRoles.Miner, Now);
        Bench.Refused(ErrorCodes.DelegationInvalid, Send(session, bench.Messages.Registration(Messages.Miner(1))));
    }

    [Fact]
    public async Task Another_key_or_another_name_is_not_covered()
    {
        var session = await AcceptedAsync(Messages.Miner(1), DelegationRoles.Miner);
        var registration = bench.Messages.Registration(Messages.Miner(1));
        Bench.Refused(ErrorCodes.DelegationKey, Send(session.Fact with { Account = TestKeys.Of(Messages.Client).Address }, registration));
        Bench.Refused(ErrorCodes.DelegationInvalid, Send(session, bench.Messages.Registration(Messages.Miner(2))));
    }

    [Fact]
    public async Task A_payout_comes_of_the_name_and_never_of_the_session_key()
    {
        var session = await AcceptedAsync(Messages.Miner(1), DelegationRoles.Miner);
        var elsewhere = TestKeys.Of(EnsName.Parse("vault.alice.eth")).Address;
        var registered = Assert.IsType<MinerRegistered>(Assert.Single(Send(session.Fact with { Payout = elsewhere }, bench.Messages.Registration(Messages.Miner(1))).Events));
        Assert.Equal(elsewhere, registered.Payout);
        Assert.DoesNotContain(typeof(RegistrationSnapshot).GetProperties(), p => p.PropertyType == typeof(EthAddress) || p.PropertyType == typeof(EthAddress?));
    }

    [Fact]
    public async Task When_it_has_expired_nothing_new_is_done_by_it_and_what_was_done_is_answered_again()
    {
        var session = await AcceptedAsync(Messages.Client, DelegationRoles.Client, "10");
        var job = await session.SignAsync(bench.Messages.Job("1", deadline: Now + 100_000));
        Bench.Accepted(Send(session.Fact, job));
        bench.At += 3_600_000;
        bench.Settle();
        Assert.Equal(DecisionKind.Repeated, Send(session.Fact, job).Kind);
        Bench.Refused(ErrorCodes.DelegationExpired, Send(session, bench.Messages.Job("1")));
        Bench.Refused(ErrorCodes.DelegationExpired, bench.Send((await Session.OpenAsync(Messages.Miner(1), DelegationRoles.Miner, Now)).Delegation));
    }

    [Fact]
    public async Task One_that_has_expired_is_forgotten_when_the_next_comes()
    {
        var first = await AcceptedAsync(Messages.Miner(1), DelegationRoles.Miner);
        bench.At += 3_600_000;
        await AcceptedAsync(Messages.Miner(2), DelegationRoles.Miner);
        Assert.Equal(1, bench.State.Delegations.Count);
        Assert.Equal(0, bench.State.Delegations.CountOf(Messages.Miner(1)));
        Bench.Refused(ErrorCodes.DelegationExpired, bench.Send(first.Delegation));
    }

    [Fact]
    public async Task It_may_not_be_dated_ahead() => Bench.Refused(
        ErrorCodes.InFuture, bench.Send((await Session.OpenAsync(Messages.Miner(1), DelegationRoles.Miner, Now + 400)).Delegation));

    [Fact]
    public async Task What_was_taken_back_does_nothing_more_and_stays_taken_back()
    {
        var session = await AcceptedAsync(Messages.Miner(1), DelegationRoles.Miner);
        Bench.Accepted(bench.Send(session.Revocation(Now)));
        Assert.Equal(DecisionKind.Nothing, bench.Send(session.Revocation(Now + 1)).Kind);
        Bench.Refused(ErrorCodes.DelegationRevoked, Send(session, bench.Messages.Registration(Messages.Miner(1))));
        Bench.Refused(ErrorCodes.DelegationRevoked, bench.Send(session.Delegation));
    }

    /// <summary>A thief holds a delegation back until it was revoked: that does not help.</summary>
    [Fact]
    public async Task It_can_be_taken_back_before_it_was_ever_seen()
    {
        var session = await Session.OpenAsync(Messages.Miner(1), DelegationRoles.Miner, Now);
        Bench.Accepted(bench.Send(session.Revocation(Now)));
        Bench.Refused(ErrorCodes.DelegationRevoked, bench.Send(session.Delegation));
    }

    [Fact]
    public async Task Only_the_name_itself_takes_it_back()
    {
        var session = await AcceptedAsync(Messages.Miner(1), DelegationRoles.Miner);
        Bench.Accepted(bench.Send(session.Revocation(Now) with { Name = Messages.Miner(2) })); // Of a delegation that miner 2 does not have.
        Bench.Accepted(Send(session, bench.Messages.Registration(Messages.Miner(1))));
    }

    [Fact]
    public async Task The_cap_counts_open_and_paid_jobs_and_gets_back_what_nobody_pays()
    {
        var session = await AcceptedAsync(Messages.Client, DelegationRoles.Client, "10");
        var miner = bench.Miner(1);
        var paid = await JobAsync(session, "4");
        Bench.Accepted(bench.Prove(paid, miner, bench.Claim(paid, miner)));
        var open = await JobAsync(session, "5");
        Bench.Refused(ErrorCodes.SpendingCap, Send(session, bench.Messages.Job("1.000001")));
        Assert.Equal(9_000_000, Spent(session));

        Bench.Accepted(Send(session, bench.Messages.Cancel(open)));
        Assert.Equal(4_000_000, Spent(session));
        await JobAsync(session, "6");
        Bench.Refused(ErrorCodes.SpendingCap, Send(session, bench.Messages.Job("0.000001")));
        bench.Pass(3_700_000); // The job runs out; so does the delegation.
        Assert.Equal(4_000_000, Spent(session));
    }

    /// <summary>The client's own key is bound by no cap, and what it pays is not booked on one.</summary>
    [Fact]
    public async Task The_names_own_key_spends_what_it_likes()
    {
        var session = await AcceptedAsync(Messages.Client, DelegationRoles.Client, "1");
        bench.Job("100");
        Assert.Equal(0, Spent(session));
    }

    /// <summary>A contract may take one signature in several spellings. They are one delegation, with one cap.</summary>
    [Fact]
    public async Task Another_spelling_of_the_signature_is_the_same_delegation()
    {
        var session = await AcceptedAsync(Messages.Client, DelegationRoles.Client, "10");
        var again = session.Body with { Sig = "0x1234" };
        Assert.True(SnapshotCodec.TryDecode(SnapshotCodec.Canonical(again), out var other, out var refusal), refusal?.ToString());
        Assert.NotEqual(session.Delegation.Cid, other.Cid);
        Assert.Equal(session.Delegation.Digest, other.Digest);
        Assert.Equal(DecisionKind.Nothing, bench.Send(other).Kind);
    }

    [Fact]
    public async Task A_name_has_no_more_than_so_many()
    {
        for (var i = 0; i < DelegationRules.MostOfName; i++)
        {
            await AcceptedAsync(Messages.Miner(1), DelegationRoles.Miner);
        }

        var more = await Session.OpenAsync(Messages.Miner(1), DelegationRoles.Miner, Now);
        Bench.Refused(ErrorCodes.TooManyDelegations, bench.Send(more.Delegation));
        Bench.Accepted(bench.Send(more.Revocation(Now))); // Taking back goes on.
        await AcceptedAsync(Messages.Miner(2), DelegationRoles.Miner);
    }

    private static long AtSeconds(Bench bench) => bench.At / 1000;

    private long Spent(Session session) => bench.State.Delegations.Find(session.Body.Name, session.Delegation.Digest)!.SpentMicro;

    private async Task<Session> AcceptedAsync(EnsName name, string role, string? cap = null)
    {
        var session = await Session.OpenAsync(name, role, AtSeconds(bench), cap);
        Bench.Accepted(bench.Send(session.Delegation));
        return session;
    }

    private async Task<Cid> JobAsync(Session session, string amount)
    {
        var job = await session.SignAsync(bench.Messages.Job(amount));
        Bench.Accepted(Send(session.Fact, job));
        return job.Cid;
    }

    private Decision Send(Session session, Snapshot body) => Send(session.Fact, body);

    private Decision Send(NameFact signer, Snapshot body) => Send(signer, Bench.Signed(body));

    private Decision Send(NameFact signer, SignedSnapshot snapshot) => bench.Send(new MessageInput(snapshot), new PoolFacts { Signer = signer });
}
