using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>
/// The operator lies about what nobody signs: what a name resolved to, whose word a contract's is, which delegation a session key
/// signed by. Either it is bound to what was signed, or whoever audits is shown it.
/// </summary>
public sealed class CrookedFactsTests
{
    private static readonly EnsName Thief = Messages.Miner(9);

    private readonly CrookedPool pool = new();

    [Fact]
    public async Task What_an_honest_operator_writes_is_right()
    {
        var miner = await pool.JoinAsync();
        await pool.DoAsync("2", miner);
        await pool.EndEpochAsync();
        await pool.DoAsync("3", miner);
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Empty(report.Differences);
        Assert.True(report is { SplitChecked: true, Splits: 2 });
        Assert.Empty(report.Names.Changed);
    }

    /// <summary>A job in a client's name, signed by a key that was never the client's: a true one after it does not hide it.</summary>
    [Fact]
    public async Task An_account_that_a_name_never_had_is_shown_whatever_the_name_signed_later()
    {
        var miner = await pool.JoinAsync();
        var forged = await pool.SendAsync(pool.Bench.Messages.Job("900"), fact => fact with { Account = TestKeys.Of(Thief).Address }, signer: Thief);
        await pool.DoAsync(forged.Cid, miner);
        await pool.DoAsync("1", miner);
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Contains(report.Names.Changed, line => line.What.Contains($"{Messages.Client} signed", StringComparison.Ordinal) && line.What.Contains(TestKeys.Of(Thief).Address.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_payee_that_a_name_never_had_is_shown_wherever_the_name_is_paid_later()
    {
        var miner = await pool.JoinAsync();
        var thief = TestKeys.Of(Thief).Address;
        await pool.DoAsync((await pool.SendAsync(pool.Bench.Messages.Job("900"))).Cid, miner, fact => fact with { Payout = thief });
        await pool.DoAsync("1", miner);
        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.Equal($"{miner} was paid at {thief}; today it is paid at {TestKeys.Of(miner).Address}", Assert.Single(report.Names.Changed).What);
    }

    /// <summary>A client with a plain key never gave anybody power: "its contract took the signature" makes a session key of the thief's.</summary>
    [Fact]
    public async Task The_word_of_a_contract_that_is_none_is_shown()
    {
        var miner = await pool.JoinAsync();
        var session = await Session.OpenAsync(Messages.Client, DelegationRoles.Client, pool.Bench.At / 1000, "1000", signedBy: Thief);
        pool.Send(session.Delegation, fact => fact with { ByContract = true });
        var job = await session.SignAsync(pool.Bench.Messages.Job("900"));
        pool.Send(job, _ => session.Fact);
        await pool.DoAsync(job.Cid, miner);
        var epoch = await pool.EndEpochAsync();
        Assert.Contains((await pool.AuditAsync(epoch)).Names.Changed, line => line.What.Contains($"{Messages.Client}", StringComparison.Ordinal) && line.What.Contains("contract", StringComparison.Ordinal));

        pool.Contracts.Add(TestKeys.Of(Messages.Client).Address);
        Assert.Empty((await pool.AuditAsync(epoch)).Names.Changed);
    }

    [Fact]
    public async Task A_contract_never_signs_by_a_session_key()
    {
        var miner = await pool.JoinAsync();
        var session = await Session.OpenAsync(miner, DelegationRoles.Miner, pool.Bench.At / 1000);
        pool.Send(session.Delegation);
        var job = await pool.SendAsync(pool.Bench.Messages.Job("900"));
        var claim = await TestNetwork.SignAsync(pool.Bench.Messages.Claim(job.Cid, miner) with { Delegation = session.Delegation.Cid }, Thief);
        pool.Send(claim, _ => session.Fact with { ByContract = true });
        await FindsAsync(await pool.EndEpochAsync(), "session key");
    }

    /// <summary>A client gave the same key two delegations and one is used up: what names that one is booked on the other.</summary>
    [Fact]
    public async Task A_job_booked_on_another_delegation_than_it_names_is_found()
    {
        await pool.JoinAsync();
        var (small, large) = await TwoOfOneKeyAsync();
        pool.Send(small.Delegation);
        pool.Send(large.Delegation);
        var job = await small.SignAsync(pool.Bench.Messages.Job("900"));
        pool.Send(job, _ => large.Fact);
        await FindsAsync(await pool.EndEpochAsync(), "delegation");
    }

    [Fact]
    public async Task A_job_that_names_no_delegation_is_not_booked_on_one()
    {
        await pool.JoinAsync();
        var session = await Session.OpenAsync(Messages.Client, DelegationRoles.Client, pool.Bench.At / 1000, "1000");
        pool.Send(session.Delegation);
        pool.Send(await SnapshotCodec.SignAsync(pool.Bench.Messages.Job("900"), session.Signer, CancellationToken.None), _ => session.Fact);
        await FindsAsync(await pool.EndEpochAsync(), "names no delegation");
    }

    /// <summary>The one that is named was never recorded, or long before the checkpoint: then it is fetched.</summary>
    [Fact]
    public async Task A_delegation_that_no_record_holds_is_fetched_and_compared()
    {
        await pool.JoinAsync();
        var (small, large) = await TwoOfOneKeyAsync();
        pool.Send(large.Delegation);
        pool.Send(await small.SignAsync(pool.Bench.Messages.Job("900")), _ => large.Fact);
        var epoch = await pool.EndEpochAsync();

        var unseen = await pool.AuditAsync(epoch);
        Assert.Empty(unseen.Differences);
        Assert.Contains(unseen.Remarks, remark => remark.What.Contains(small.Delegation.Cid.ToString(), StringComparison.Ordinal));

        await pool.PutAsync(small.Delegation.Bytes);
        await FindsAsync(epoch, "delegation");
    }

    [Fact]
    public async Task An_audit_that_goes_on_after_a_delegation_was_recorded_fetches_it()
    {
        await pool.JoinAsync();
        var session = await Session.OpenAsync(Messages.Client, DelegationRoles.Client, pool.Bench.At / 1000, "1000");
        pool.Send(session.Delegation);
        var first = await pool.AuditAsync(await pool.EndEpochAsync(), keepCheckpoint: true);
        pool.Send(await session.SignAsync(pool.Bench.Messages.Job("1")), _ => session.Fact);
        await pool.PutAsync(session.Delegation.Bytes);
        var report = await pool.AuditAsync(await pool.EndEpochAsync(), first.Checkpoint);
        Assert.Empty(report.Differences);
        Assert.Empty(report.Remarks);
    }

    /// <summary>The record says that it was decided before the message was signed.</summary>
    [Fact]
    public async Task A_proof_that_was_signed_long_after_its_record_is_found()
    {
        var miner = await pool.JoinAsync();
        var job = await pool.SendAsync(pool.Bench.Messages.Job("900"));
        await pool.SendAsync(pool.Bench.Messages.Claim(job.Cid, miner));
        var late = pool.Bench.Messages.Proof(job.Cid, miner, pool.Bench.State.Fence, Messages.AnyCid("an output"));
        await pool.SendAsync(late with { Timestamp = late.Timestamp + 4_000 });
        await FindsAsync(await pool.EndEpochAsync(), "dated");
    }

    private async Task<(Session Small, Session Large)> TwoOfOneKeyAsync()
    {
        var now = pool.Bench.At / 1000;
        return (await Session.OpenAsync(Messages.Client, DelegationRoles.Client, now, "1"), await Session.OpenAsync(Messages.Client, DelegationRoles.Client, now, "1000"));
    }

    private async Task FindsAsync(Cid epoch, string what)
    {
        var report = await pool.AuditAsync(epoch);
        Assert.Contains(report.Differences, one => one.Sequence > 0 && one.What.Contains(what, StringComparison.Ordinal));
        Assert.Contains((await pool.AuditAloneAsync(epoch)).Differences, one => one.Sequence > 0 && one.What.Contains(what, StringComparison.Ordinal));
    }
}
