using SwarmPool.Programs.Listing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Listing;

namespace SwarmPool.Programs.Miner.Screens;

/// <summary>What a miner earned, for people.</summary>
public static class EarningsScreen
{
    private static readonly TableColumn[] DayColumns = [new("DAY (UTC)"), new("EPOCHS", IsNumber: true), new("USDC", IsNumber: true)];
    private static readonly TableColumn[] ModelColumns = [new("MODEL"), new("JOBS", IsNumber: true), new("PRICES", IsNumber: true), new("USDC", IsNumber: true)];
    private static readonly TableColumn[] HeldColumns = [new("HELD OF"), new("PAID BY"), new("JOBS", IsNumber: true), new("PRICES", IsNumber: true), new("STRUCK", IsNumber: true)];

    /// <summary>Shows it.</summary>
    public static void Show(Terminal terminal, MinerEarnings earned)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(earned);
        terminal.Line(earned.Miner.Text, Tone.Strong);
        terminal.Facts(
        [
            ("Pool:", earned.Pool.Text),
            ("Earned:", $"{earned.Total} USDC by {Counted.Of(earned.Epochs, "sealed epoch")}{(earned.ForChecks is { } checks ? $", {checks} of it for checks" : "")}"),
            ("Read:", earned.LastEpoch is null ? "none: the pool has sealed no epoch yet" : earned.FirstEpoch is null ? "none" : $"{earned.FirstEpoch} to {earned.LastEpoch}"),
        ]);
        if (earned.Days.Count > 0)
        {
            terminal.Line();
            ListScreen.Show(terminal, DayColumns, [.. earned.Days.Select(static day => (IReadOnlyList<string>)[day.Day, $"{day.Epochs}", day.Amount.ToString()])], earned.MoreDays, "day", $"--until {earned.Days[^1].Day}, or a larger --limit");
        }

        if (earned.Models is { Count: > 0 } models)
        {
            terminal.Line();
            ListScreen.Show(terminal, ModelColumns, [.. models.Select(static one => (IReadOnlyList<string>)[one.Model ?? "(no job of its own)", $"{one.Jobs}", one.Volume.ToString(), one.Amount.ToString()])], 0, "model", "");
        }

        if (earned.Held is { Count: > 0 } held)
        {
            terminal.Line();
            ListScreen.Show(
                terminal, HeldColumns, [.. held.Select(static one => (IReadOnlyList<string>)[one.EpochId, one.PaidBy ?? "?", $"{one.Jobs}", one.Volume.ToString(), one.Struck.ToString()])], 0, "epoch", "");
            terminal.Line("  Held back: decided, and paid with that epoch for those prices, if no work with the model is found wrong until then. What was struck goes back to clients.", Tone.Dim, hang: 2);
        }

        terminal.Line();
        if (earned.Unread is { } unread)
        {
            terminal.Line($"! {unread.Code}: {(unread.Before is null ? "No epoch could be read" : $"Not all from {unread.Before} back could be read")}, so the sums lack what is older: {unread.Reason}", Tone.Warn, hang: 2);
        }

        terminal.Line("  What sealed epochs pay, as published: anybody gets these sums. Decided jobs of epochs that are not sealed are not among them.", Tone.Dim, hang: 2);
    }
}
