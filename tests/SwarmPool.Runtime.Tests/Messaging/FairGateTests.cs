using SwarmPool.Runtime.Collections;

namespace SwarmPool.Runtime.Tests.Messaging;

public sealed class FairGateTests
{
    [Fact]
    public async Task So_many_are_inside_and_a_crowd_of_one_party_keeps_another_waiting_for_a_turn_only()
    {
        var gate = new FairGate(2, 1000);
        await gate.EnterAsync("first", CancellationToken.None);
        await gate.EnterAsync("second", CancellationToken.None);
        var flood = Enumerable.Range(0, 100).Select(_ => gate.EnterAsync("flood", CancellationToken.None).AsTask()).ToList();
        var honest = gate.EnterAsync("honest", CancellationToken.None).AsTask();
        Assert.DoesNotContain(flood, task => task.IsCompleted);
        Assert.False(honest.IsCompleted);

        // One turn for the flood, and one for the other.
        gate.Leave();
        gate.Leave();
        await honest.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True((await Task.WhenAny(flood).WaitAsync(TimeSpan.FromSeconds(60))).IsCompletedSuccessfully);
        Assert.Equal(1, flood.Count(task => task.IsCompleted));
        for (var i = 0; i < 99; i++)
        {
            gate.Leave();
        }

        await Task.WhenAll(flood).WaitAsync(TimeSpan.FromSeconds(60));
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
