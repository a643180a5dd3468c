using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Core.Tests.Pool;

/// <summary>One client takes up a part of what the others leave: of the places, remembered jobs included, and of the volume.</summary>
public sealed class ClientShareTests
{
    private const int Places = 800;

    private static readonly EnsName Greedy = EnsName.Parse("greedy.eth");
    private static readonly EnsName Honest = EnsName.Parse("honest.eth");

    private readonly Bench bench = new(Bench.DefaultSettings with { MaxJobs = Places, ClientShare = 8, MaxAmount = Usdc.FromMicro(Usdc.MaxMicro) });

    [Fact]
    public void Issue15_row5_submit_and_cancel_fills_a_share_and_no_more_until_what_is_remembered_is_forgotten()
    {
        var taken = 0;
        for (var i = 0; i < 10 * Places; i++)
        {
            if (Submit(Greedy) is { } job)
            {
                taken++;
                Bench.Accepted(bench.Send(bench.Messages.Cancel(job) with { Client = Greedy }));
            }
        }

        Assert.Equal(Places / 8, taken);
        Assert.Equal(0, bench.State.Jobs.OpenOf(Greedy));
        Assert.NotNull(Submit(Honest));
        Assert.Equal(bench.State.Jobs.LoadOf(Greedy), StateCodec.Decode(StateCodec.Encode(bench.State)).Jobs.LoadOf(Greedy));

        bench.Pass((7L * 24 * 3600 * 1000) + PoolState.MemoryAfterDeadlineMs);
        Assert.Equal(default, bench.State.Jobs.LoadOf(Greedy));
        Assert.NotNull(Submit(Greedy));
    }

    [Fact]
    public void However_many_names_come_first_the_next_one_finds_room()
    {
        for (var name = 0; name < 30; name++)
        {
            while (Submit(EnsName.Parse($"greedy{name}.eth")) is not null)
            {
            }
        }

        Assert.InRange(bench.State.Jobs.Count, 1, Places - 1);
        Assert.NotNull(Submit(Honest));
    }

    [Fact]
    public void Issue15_row5_one_client_can_not_take_all_that_an_epoch_can_hold()
    {
        var part = Usdc.FromMicro(Usdc.MaxMicro / 80).ToString();
        var taken = Enumerable.Range(0, 100).Count(_ => Submit(Greedy, part) is not null);
        Assert.Equal(10, taken);
        Assert.NotNull(Submit(Honest, part));
        Bench.Refused(ErrorCodes.ClientCap, bench.Send(bench.Messages.Job(part, client: Greedy)));
    }

    [Fact]
    public void Work_that_was_paid_for_leaves_its_client_more_but_never_all()
    {
        var miner = bench.Miner(1);
        var done = 0;
        while (Submit(Greedy, "1") is { } job)
        {
            Bench.Accepted(bench.Prove(job, miner, bench.Claim(job, miner)));
            done++;
        }

        Assert.Equal(Places / 2, done);
        Assert.NotNull(Submit(Honest));
    }

    [Fact]
    public void A_crowd_of_clients_at_fault_is_forgotten_from_the_earliest_pause_on()
    {
        var table = new ClientTable();
        table.Set(new ClientEntry(Honest, 3, 1_000_000));
        for (var i = 0; i < ClientTable.Most + 1_000; i++)
        {
            table.Set(new ClientEntry(EnsName.Parse($"flood{i}.eth"), 1, i));
        }

        Assert.Equal(ClientTable.Most, table.InOrder.Count);
        Assert.NotNull(table.Find(Honest));
        Assert.Null(table.Find(EnsName.Parse("flood0.eth")));
    }

    [Fact]
    public async Task Delegations_of_names_that_did_nothing_leave_half_of_the_table_to_those_that_did()
    {
        var miner = bench.Miner(1);
        var job = Bench.Signed(bench.Messages.Job(client: Honest));
        Bench.Accepted(bench.Send(job));
        Bench.Accepted(bench.Prove(job.Cid, miner, bench.Claim(job.Cid, miner)));
        for (var i = 0; i < Core.Pool.Rules.DelegationRules.MostInAll / 2; i++)
        {
            bench.State.Delegations.Set(new DelegationEntry(EnsName.Parse($"flood{i / 64}.eth"), $"{i}", bench.At + 1_000_000));
        }

        async Task<Decision> DelegateAsync(EnsName name, string role) => bench.Send((await Session.OpenAsync(name, role, bench.At / 1000, role == DelegationRoles.Client ? "1" : null)).Delegation);
        Bench.Refused(ErrorCodes.TooManyDelegations, await DelegateAsync(EnsName.Parse("newcomer.eth"), DelegationRoles.Miner));
        Bench.Accepted(await DelegateAsync(miner, DelegationRoles.Miner));
        Bench.Accepted(await DelegateAsync(Honest, DelegationRoles.Client));
    }

    [Fact]
    public void Journals_of_before_are_decided_as_they_were()
    {
        var before = new Bench(Bench.DefaultSettings with { MaxJobs = 10 });
        for (var i = 0; i < 10; i++)
        {
            before.Job();
        }

        Bench.Refused(ErrorCodes.PoolFull, before.Send(before.Messages.Job()));
    }

    private Cid? Submit(EnsName client, string amount = "0.000001")
    {
        var job = Bench.Signed(bench.Messages.Job(amount, client: client, deadline: (bench.At / 1000) + (7 * 24 * 3600) - 1));
        var decision = bench.Send(job);
        Assert.Contains(decision.Refusal?.Code, (string?[])[null, ErrorCodes.ClientCap]);
        return decision.Refusal is null ? job.Cid : null;
    }
}
