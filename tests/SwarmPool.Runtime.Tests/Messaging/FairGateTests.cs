using SwarmPool.Runtime.Collections;

namespace SwarmPool.Runtime.Tests.Messaging;

public sealed class FairGateTests
{
    [Fact]
    public async Task So_many_are_inside_and_a_crowd_of_one_party_keeps_another_waiting_for_a_turn_only()
    {
        var gate = new FairGate(2, 1000);
        var order = new List<string>();
        await gate.EnterAsync("first", CancellationToken.None);
        await gate.EnterAsync("second", CancellationToken.None);
        var all = Enumerable.Range(0, 100).Select(_ => PassAsync("flood")).Append(PassAsync("honest")).ToList();
        Assert.Empty(order);
        gate.Leave();
        gate.Leave();
        await Task.WhenAll(all);
        Assert.InRange(order.IndexOf("honest"), 0, 4);
        Assert.Equal(101, order.Count);

        async Task PassAsync(string party)
        {
            await gate.EnterAsync(party, CancellationToken.None);
            lock (order)
            {
                order.Add(party);
            }

            gate.Leave();
        }
    }

    [Fact]
    public async Task Whoever_gives_up_is_passed_over_and_too_many_are_told()
    {
        var gate = new FairGate(1, 2);
        await gate.EnterAsync("inside", CancellationToken.None);
        using var giveUp = new CancellationTokenSource();
        var (gives, waits) = (gate.EnterAsync("a", giveUp.Token).AsTask(), gate.EnterAsync("b", CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await gate.EnterAsync("b", CancellationToken.None));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gives);
        gate.Leave();
        await waits;
        gate.Leave();
        await gate.EnterAsync("c", CancellationToken.None);
    }
}
