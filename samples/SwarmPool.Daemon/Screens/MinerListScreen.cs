using SwarmPool.Programs.Listing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Listing;

namespace SwarmPool.Programs.Daemon.Screens;

/// <summary>A list of miners, for people.</summary>
public static class MinerListScreen
{
    private static readonly TableColumn[] Columns =
    [
        new("MINER"), new("STATUS"), new("DECIDED", IsNumber: true), new("USDC", IsNumber: true), new("LAPSED", IsNumber: true), new("MODE"), new("LAST"), new("MODELS"),
    ];

    /// <summary>Shows it.</summary>
    public static void Show(Terminal terminal, MinerList list)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        ArgumentNullException.ThrowIfNull(list);
        ListScreen.Show(terminal, Columns, [.. list.Miners.Select(Row)], list.More, "miner", "a larger --limit, or --until an earlier time");
    }

    private static IReadOnlyList<string> Row(ListedMiner one) =>
    [
        one.Miner.Text, one.AtWork > 0 ? $"working on {one.AtWork}" : "idle", $"{one.Decided}", one.Volume.ToString(), $"{one.Lapsed}", one.Mode.ToString(), Times.Iso(one.LastAt),
        string.Join(" ", one.Models.Select(model => OfferText.Of(model, one.Offers))),
    ];
}
