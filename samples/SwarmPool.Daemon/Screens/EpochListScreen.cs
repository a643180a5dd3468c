using SwarmPool.Programs.Listing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Listing;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>A list of epochs, for people.</summary>
public static class EpochListScreen
{
    private static readonly TableColumn[] Columns =
    [
        new("EPOCH"), new("STATUS"), new("JOBS", IsNumber: true), new("USDC", IsNumber: true), new("BEGUN"), new("ENDED"), new("POLICY"), new("CID"),
    ];

    /// <summary>Shows it.</summary>
    public static void Show(Terminal terminal, EpochList list)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(list);
        ListScreen.Show(terminal, Columns, [.. list.Epochs.Select(Row)], list.More, "epoch", list.Epochs.Count == 0 ? "" : $"--until {Times.Iso(list.Epochs[^1].StartedAt)}, or a larger --limit");
    }

    private static IReadOnlyList<string> Row(ListedEpoch epoch) =>
    [
        epoch.EpochId,
        epoch.Status.ToString().ToLowerInvariant(),
        $"{epoch.Jobs}",
        epoch.Volume.ToString(),
        Times.Iso(epoch.StartedAt),
        epoch.EndedAt is { } ended ? Times.Iso(ended) : "",
        epoch.Policy is null ? "" : epoch.PolicyReplaced ? $"{epoch.Policy}, replaced" : epoch.Policy,
        epoch.Cid?.ToString() ?? "",
    ];
}
