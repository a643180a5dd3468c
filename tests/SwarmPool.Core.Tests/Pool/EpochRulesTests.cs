using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Core.Tests.Pool;

public sealed class EpochRulesTests
{
    private readonly Bench bench = new();

    [Fact]
    public void The_first_start_opens_the_first_epoch_with_its_own_record()
    {
        var epoch = bench.State.Epochs.Open!;
        Assert.Equal((1L, 1L, Bench.Start), (epoch.Number, epoch.FromSequence, epoch.StartedAt));
        Bench.Accepted(bench.Send(new StartedInput(2, bench.Settings)));
        Assert.Same(epoch, bench.State.Epochs.Open);
    }

    [Fact]
    public void Pitfall25_epochs_cover_the_journal_without_gap_and_name_the_state_they_open_with()
    {
        bench.Job();
        var before = StateHash.Of(bench.State);
        Bench.Accepted(bench.Send(new EpochEndInput()));
        var closed = bench.State.Epochs.FindClosed(1)!;
        Assert.Equal((1L, 3L, 4L), (closed.FromSequence, closed.ToSequence, bench.State.Epochs.Open!.FromSequence));
        Assert.Equal(before, bench.State.Epochs.Open.OpeningState);
    }

    [Fact]
    public void Epochs_are_settled_and_sealed_in_order_each_from_the_policy_state_before()
    {
        Bench.Accepted(bench.Send(new EpochEndInput()));
        Bench.Accepted(bench.Send(new EpochEndInput()));
        Bench.Refused(ErrorCodes.EpochNotClosed, bench.Send(new SealedInput(1, Messages.AnyCid("e"))));
        Bench.Refused(ErrorCodes.EpochNotClosed, bench.Send(new SettledInput(2), bench.SettlementOf(2)));
        Bench.Refused(ErrorCodes.EpochNotClosed, bench.Send(new SettledInput(3), bench.SettlementOf(3)));
        Bench.Accepted(bench.Send(new SettledInput(1), bench.SettlementOf(1)));
        Bench.Refused(ErrorCodes.EpochNotClosed, bench.Send(new SettledInput(1), bench.SettlementOf(1)));
        Bench.Accepted(bench.Send(new SettledInput(2), bench.SettlementOf(2)));
        Assert.Equal("state after 1", bench.State.Epochs.FindClosed(2)!.PolicyStateBefore);
        Bench.Refused(ErrorCodes.EpochNotClosed, bench.Send(new SealedInput(2, Messages.AnyCid("e"))));
        Bench.Accepted(bench.Send(new SealedInput(1, Messages.AnyCid("epoch 1"))));
        Bench.Refused(ErrorCodes.EpochNotClosed, bench.Send(new SealedInput(1, Messages.AnyCid("another"))));
        Bench.Accepted(bench.Send(new SealedInput(2, Messages.AnyCid("epoch 2"))));
        Assert.Equal(Messages.AnyCid("epoch 2"), bench.State.Epochs.LastSealed);
        Assert.Empty(bench.State.Epochs.Closed);
    }
}
