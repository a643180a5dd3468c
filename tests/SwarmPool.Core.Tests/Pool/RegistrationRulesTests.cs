using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>A registration's date locks nobody out, and names that do nothing have no place for ever.</summary>
public sealed class RegistrationRulesTests
{
    private static readonly EnsName Miner = Messages.Miner(1);

    private readonly Bench bench = new(Bench.DefaultSettings with { RegistrationWindowMs = Freshness.WindowMs, IdleMinerMs = 3_600_000, MaxMiners = 3 });

    private long Now => bench.At / 1000;

    [Theory]
    [InlineData(Freshness.WindowSeconds, null)]
    [InlineData(-Freshness.WindowSeconds, null)]
    [InlineData(Freshness.WindowSeconds + 1, ErrorCodes.InFuture)]
    [InlineData(-Freshness.WindowSeconds - 1, ErrorCodes.Stale)]
    [InlineData(9_000_000_000_000, ErrorCodes.InFuture)]
    public void Issue15_row14_a_registration_is_dated_within_the_window_by_the_records_own_time(long seconds, string? code)
    {
        var decision = bench.Send(bench.Messages.Registration(Miner) with { Timestamp = Now + seconds });
        Assert.Equal(code, decision.Refusal?.Code);
        if (code is not null)
        {
            Bench.Accepted(bench.Send(bench.Messages.Registration(Miner)));
        }
    }

    [Fact]
    public void A_registration_that_was_taken_with_a_far_date_holds_up_no_other_once_dates_are_judged()
    {
        var old = new Bench();
        Bench.Accepted(old.Send(old.Messages.Registration(Miner) with { Timestamp = (old.At / 1000) + 1_000_000 }));
        Bench.Accepted(old.Send(new StartedInput(2, old.Settings with { RegistrationWindowMs = Freshness.WindowMs })));
        Bench.Accepted(old.Send(old.Messages.Registration(Miner)));
        Assert.Equal(old.At / 1000, old.State.Miners[Miner].RegisteredAt);
    }

    [Fact]
    public async Task Issue15_row14_the_date_of_a_stolen_session_key_is_forgotten_with_its_delegation()
    {
        var stolen = await Session.OpenAsync(Miner, DelegationRoles.Miner, Now);
        Bench.Accepted(bench.Send(stolen.Delegation));
        var ahead = bench.Messages.Registration(Miner) with { Timestamp = Now + Freshness.WindowSeconds };
        Bench.Accepted(bench.Send(new MessageInput(Bench.Signed(ahead)), new PoolFacts { Signer = stolen.Fact }));
        var own = bench.Messages.Registration(Miner, MiningMode.SOLO);
        Bench.Refused(ErrorCodes.OldRegistration, bench.Send(own));

        Bench.Accepted(bench.Send(stolen.Revocation(Now)));
        Assert.Equal(0, StateCodec.Decode(StateCodec.Encode(bench.State)).Miners[Miner].RegisteredAt);
        Bench.Accepted(bench.Send(own));
        Assert.Equal(MiningMode.SOLO, bench.State.Miners[Miner].Mode);

        // It comes again by whoever recorded it: its key may sign nothing more.
        bench.At += 1000;
        var again = Bench.Signed(ahead with { Timestamp = Now + Freshness.WindowSeconds });
        Bench.Refused(ErrorCodes.DelegationRevoked, bench.Send(new MessageInput(again), new PoolFacts { Signer = stolen.Fact }));
    }

    [Fact]
    public async Task Revoking_another_delegation_changes_nothing_of_a_registration()
    {
        var (used, other) = (await Session.OpenAsync(Miner, DelegationRoles.Miner, Now), await Session.OpenAsync(Miner, DelegationRoles.Miner, Now, key: "another.eth"));
        Bench.Accepted(bench.Send(used.Delegation));
        Bench.Accepted(bench.Send(other.Delegation));
        Bench.Accepted(bench.Send(new MessageInput(Bench.Signed(bench.Messages.Registration(Miner))), new PoolFacts { Signer = used.Fact }));
        Bench.Accepted(bench.Send(other.Revocation(Now)));
        Assert.Equal(Now, bench.State.Miners[Miner].RegisteredAt);
    }

    [Fact]
    public void Names_that_do_nothing_give_way_to_new_ones_after_a_while_and_those_that_work_never()
    {
        var (worker, busy) = (bench.Miner(1), bench.Miner(2));
        var done = bench.Job();
        Bench.Accepted(bench.Prove(done, worker, bench.Claim(done, worker)));
        var idle = bench.Miner(3);
        bench.At += 3_599_999;
        bench.Claim(bench.Job(deadline: (bench.At / 1000) + 100_000), busy);
        Bench.Refused(ErrorCodes.TooManyMiners, bench.Send(bench.Messages.Registration(Messages.Miner(4))));

        bench.At++;
        Bench.Accepted(bench.Send(bench.Messages.Registration(Messages.Miner(4))));
        Assert.False(bench.State.Miners.TryGet(idle, out _));
        Assert.Equal([worker, busy, Messages.Miner(4)], bench.State.Miners.InOrder.Select(m => m.Name));
        Assert.Equal([1L, 2, 3], bench.State.Miners.InOrder.Select(m => m.Number));
        Assert.Equal(3, bench.State.Miners.Offering(Messages.Model));

        // Registering again and again makes no name younger or older; nor does a copy of the state.
        Bench.Refused(ErrorCodes.TooManyMiners, bench.Send(bench.Messages.Registration(idle)));
        var copy = StateCodec.Decode(StateCodec.Encode(bench.State));
        Assert.Equal(StateHash.Of(bench.State), StateHash.Of(copy));
        Assert.Equal(bench.State.Miners.LongestIdle?.Name, copy.Miners.LongestIdle?.Name);
        Assert.Equal(Messages.Miner(4), copy.Miners.LongestIdle?.Name);
    }

    [Fact]
    public void A_flood_of_ten_times_the_table_leaves_a_newcomer_its_place_within_the_hour()
    {
        for (var i = 0; i < 30; i++)
        {
            bench.Send(bench.Messages.Registration(Messages.Miner(10 + i)));
            bench.At += 60_000;
        }

        Assert.Equal(3, bench.State.Miners.Count);
        bench.At += 3_600_000;
        Bench.Accepted(bench.Send(bench.Messages.Registration(Miner)));
        Assert.Equal(3, bench.State.Miners.Count);
    }

    [Fact]
    public void Long_lists_of_models_of_many_names_leave_room_for_a_short_one()
    {
        var crowded = new Bench(bench.Settings with { OfferLength = 100, MaxMiners = 50 });
        string[] models = [.. Enumerable.Range(0, 256).Select(i => $"{i}{new string('m', 100)}")];
        for (var i = 0; i < 500; i++)
        {
            crowded.Send(crowded.Messages.Registration(Messages.Miner(10 + i), MiningMode.PPS, null, models[..(1 + (i % 256))]));
        }

        Assert.InRange(crowded.State.Miners.TextLength, 1, 100 * 50);
        Assert.Equal(crowded.State.Miners.TextLength, StateCodec.Decode(StateCodec.Encode(crowded.State)).Miners.TextLength);
        crowded.At += 3_600_000;
        Bench.Accepted(crowded.Send(crowded.Messages.Registration(Miner)));
        Assert.InRange(crowded.State.Miners.TextLength, 1, 100 * 50);
    }

    [Fact]
    public void A_miner_that_was_forgotten_meanwhile_loses_no_strike_when_a_job_is_blamed()
    {
        var (first, second) = (bench.Miner(1), bench.Miner(2));
        bench.Miner(3);
        var job = bench.Job(deadline: (bench.At / 1000) + 100_000);
        Bench.Accepted(bench.Send(bench.Messages.Release(job, first, bench.Claim(job, first), reason: LeaseEndReasons.Failed)));
        bench.At += 3_600_000;
        Bench.Accepted(bench.Send(bench.Messages.Registration(Messages.Miner(4))));
        Assert.False(bench.State.Miners.TryGet(first, out _));
        Bench.Accepted(bench.Send(bench.Messages.Release(job, second, bench.Claim(job, second, attempt: 2), attempt: 2, reason: LeaseEndReasons.Failed)));
        var third = Messages.Miner(3);
        Bench.Accepted(bench.Send(bench.Messages.Release(job, third, bench.Claim(job, third, attempt: 3), attempt: 3, reason: LeaseEndReasons.Failed)));
        Assert.Equal(JobPhase.Failed, bench.State.Jobs[job].Phase);
    }
}
