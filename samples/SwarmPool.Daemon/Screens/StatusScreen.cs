using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Status;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>Where a pool stands, for people; what needs a hand comes last, where it is seen.</summary>
public static class StatusScreen
{
    // A clock that was wrong for a moment is of no use to know for ever.
    private static readonly TimeSpan LongAgo = TimeSpan.FromDays(7);

    /// <summary>Shows it.</summary>
    public static void Show(Terminal terminal, PoolStatus status, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(time);
        terminal.Line("Journal", Tone.Strong);
        terminal.Facts(
        [
            ("Where:", status.Journal),
            ("Term:", $"{status.Term}"),
            ("Records:", status.Records == 0 ? "0" : $"{status.Records}, the last {Times.Ago(status.At, time)}"),
            ("Head:", status.Head[..16]),
        ]);
        terminal.Line("Daemons", Tone.Strong);
        terminal.Facts(
        [
            ("Leads:", status.Leader is { } leader ? $"{leader.Owner} since {Times.Utc(leader.Since)}" : "nobody"),
            .. (status.Standbys ?? []).Select(one => ("Stands by:", $"{one.Owner}, {Counted.Of(one.Behind, "record")} behind, seen {Times.Ago(one.At, time)}")),
        ]);
        terminal.Line("Pool", Tone.Strong);
        terminal.Facts(
        [
            ("Jobs waiting:", $"{status.PendingJobs}"),
            ("Jobs at work:", $"{status.ClaimedJobs}"),
            ("Miners:", $"{status.Miners}"),
            ("In all:", $"{Counted.Of(status.TotalJobs, "job")}, {Counted.Of(status.TotalProofs, "proof")}, {status.TotalVolume} USDC"),
        ]);
        if (status.Models.Count > 0)
        {
            terminal.Line("Models", Tone.Strong);
            terminal.Facts([.. status.Models.Select(static one => ($"{one.Alias}:", $"{one.PackCid}{(one.ModelSha256 is null ? ", its manifest was not to be had" : "")}"))]);
        }

        terminal.Line("Epochs", Tone.Strong);
        terminal.Facts(
        [
            ("Open:", status.OpenEpoch is { } open ? $"{open.EpochId} since {Times.Utc(open.StartedAt)}: {Counted.Of(open.Jobs, "job")}, {open.Volume} USDC" : "none: the daemon has not started yet"),
            ("Last sealed:", status.LastSealed?.ToString() ?? "none"),
            .. status.Payees.Select(static payee => ("Also paid:", PayeeLines.Shown(payee))),
        ]);
        if (status.LastSettlement is { PolicyReplaced: true } replaced)
        {
            terminal.Line($"! {replaced.EpochId} was settled by {replaced.Policy} in the place of the pool's policy; the epoch says so to everyone.", Tone.Warn, hang: 2);
        }

        if (status.ClockJump is { } jump && time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(jump.At) < LongAgo)
        {
            terminal.Line($"! {ErrorCodes.ClockJumped}, {Times.Ago(jump.At, time)}: {ClockText.Of(TimeSpan.FromMilliseconds(jump.ByMs), jump.Phase)}", Tone.Warn, hang: 2);
        }

        var ahead = status.At - time.GetUtcNow().ToUnixTimeMilliseconds();
        if (ahead > 2000)
        {
            terminal.Line($"! The last record is dated {ahead / 1000} s ahead of this machine's clock: this clock is wrong, or the daemon's was.", Tone.Warn, hang: 2);
        }

        foreach (var epoch in status.UnsealedEpochs)
        {
            terminal.Line(
                $"! {epoch.EpochId} is closed, but not {(epoch.Settled ? "published" : "settled")}: {Counted.Of(epoch.Jobs, "job")}, {epoch.Volume} USDC.{Why(epoch, status.Policy)} The daemon tries again every 30 s and says why it fails.{(epoch.Settled ? "" : " To settle it by another policy, stop the daemon: swarmpool epoch settle --policy PLUGIN")}",
                Tone.Warn,
                hang: 2);
        }

        foreach (var model in status.ModelsWithoutMiner)
        {
            terminal.Line($"! No miner offers {model.Model}; jobs that wait for it: {model.Jobs}", Tone.Warn, hang: 2);
        }
    }

    private static string Why(EpochStatus epoch, string? policy) =>
        epoch.Refused is { } code ? $" {code}{(policy is null ? "" : $" by {policy}")}: {ErrorCatalog.Find(code)?.Meaning ?? "it was refused."}" : "";
}
