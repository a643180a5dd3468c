using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Reader;

namespace SwarmPool.Programs.Reporting;

/// <summary>A pool's published state, for people: what any miner and any client can check.</summary>
public static class PoolScreen
{
    /// <summary>Shows it.</summary>
    public static void Show(Terminal terminal, PoolView view, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(view);
        var state = view.State;
        terminal.Line($"{state.Pool}", Tone.Strong);
        terminal.Facts(
        [
            ("Published:", $"{Times.Ago(state.Timestamp * 1000, time)}, term {state.Term}, record {state.Sequence}"),
            ("Jobs waiting:", $"{state.PendingCount}"),
            ("Jobs at work:", $"{state.ClaimedCount}"),
            ("Miners:", $"{state.MinerCount}, {state.OnlineMiners} of them heard of lately"),
            ("In all:", $"{Counted.Of(state.TotalJobs, "job")}, {Counted.Of(state.TotalProofs, "proof")}, {state.TotalVolumeUsdc} USDC"),
            ("Epoch:", $"{state.CurrentEpoch}: {Counted.Of(state.EpochJobs, "job")}, {state.EpochVolume} USDC"),
            ("Last sealed:", state.LastEpoch?.ToString() ?? "none"),
        ]);
        foreach (var queue in state.Queues ?? [])
        {
            var wait = queue.Miners == 0 ? "no miner has it" : queue.WaitSeconds is { } seconds ? $"about {seconds} s for the next" : "nobody has measured how long one takes";
            terminal.Line($"  {queue.Model}: {Counted.Of(queue.Waiting, "job")} waiting, {queue.AtWork} at work, {Counted.Of(queue.Miners, "miner")}; {wait}", hang: 4);
        }

        if (view.Conflict is not null)
        {
            terminal.Line("✗ The pool has signed two different states of one term and record. Keep both: they are evidence against its operator.", Tone.Bad, hang: 2);
        }
    }
}
