using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Programs.Miner.Screens;

/// <summary>A miner's standing, for people.</summary>
public static class MinerStatusScreen
{
    /// <summary>Shows it.</summary>
    public static void Show(Terminal terminal, MinerStatus status, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(status);
        PoolScreen.Show(terminal, status.View, time);
        if (status.Miner is not { } miner)
        {
            terminal.Line("  --ens NAME shows a miner's own standing.");
            return;
        }

        terminal.Line(miner.Text, Tone.Strong);
        if (status.Registration is { } registration)
        {
            terminal.Facts(
            [
                ("Registered:", $"{Times.Ago(registration.RegisteredAt * 1000, time)}, {registration.Mode}"),
                ("Models:", string.Join(", ", registration.Models.Select(model => OfferText.Of(model, registration.Offers)))),
                ("Completed:", $"{registration.JobsCompleted}"),
                ("Standing:", Standing(registration, time)),
                ("At work:", status.AtWork.Count == 0 ? "none" : string.Join(", ", status.AtWork.Select(job => job.ToShortString()))),
            ]);
        }

        foreach (var one in status.Checks ?? [])
        {
            terminal.Line($"Checks of {one.Model}", Tone.Strong);
            terminal.Facts(
            [
                ("Decided:", $"{Counted.Of(one.Decided, "job")} since the last wrong answer, {one.Checked} of them checked by others"),
                ("Wrong:", $"{one.Wrong}{(one.StruckAt is { } record ? $", the last by record {record}: what was held then is not paid" : "")}"),
                ("Marks:", $"{one.Marks}{(one.Marks > 1 ? ": it is asked for no checks" : "")}"),
                .. one.LlrMilliNats == 0 ? Array.Empty<(string, string)>() : [("Scores:", $"{one.LlrMilliNats / 1000m:0.###} nats that it cheats")],
                ("Held:", one.Held is { Count: > 0 } held ? string.Join(", ", held.Select(static part => $"{Usdc.FromMicro(part.Micro)} USDC of epoch-{part.Epoch}, paid by epoch-{part.PaidBy}")) : "nothing"),
            ]);
        }

        if (status.NoWork is { } why)
        {
            terminal.Line($"! No work: {why}", Tone.Warn, hang: 2);
        }

        terminal.Line("  Prices here are unfunded: clients promise them, and nothing is held for them.");
    }

    private static string Standing(MinerStateItem registration, TimeProvider time) => registration.Standing is { } clients
        ? string.Join("; ", clients.Reverse().Select(one => Standing(one, time)))
        : "none yet: it grows with each job that is decided, client by client";

    private static string Standing(StandingItem with, TimeProvider time)
    {
        var wait = DateTimeOffset.FromUnixTimeMilliseconds(with.PauseUntil) - time.GetUtcNow();
        return $"{with.Client}: {with.Decided} done"
            + (with.Strikes > 0 ? $", {Counted.Of(with.Strikes, "strike")} since" : "")
            + (wait > TimeSpan.Zero ? $", waits {wait.TotalSeconds:0} s" : "");
    }
}
