using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Programs.Miner.Screens;

/// <summary>Shows the packs of a models folder.</summary>
internal static class ModelsScreen
{
    public static void List(Terminal screen, ModelFolder folder, IReadOnlyList<LocalPack> packs)
    {
        screen.Line($"{Counted.Of(packs.Count, "pack")} in {folder.Path}", Tone.Strong);
        foreach (var local in packs)
        {
            screen.Line($"{(Directory.Exists(local.Folder) ? "✓" : "✗")} {local.Pack.Name}", Directory.Exists(local.Folder) ? Tone.Good : Tone.Bad, hang: 2);
            screen.Whole($"    {local.Cid}");
            screen.Line($"    {Facts(local)}", Tone.Dim);
        }
    }

    public static void Removed(Terminal screen, LocalPack local) =>
        screen.Line($"✓ {local.Pack.Name} is removed{(local.IsOwn ? $"; its folder {local.Folder} is your own and stays" : "")}.", Tone.Good, hang: 2);

    /// <summary>A pack, for machines.</summary>
    public static object Item(LocalPack local) => new
    {
        local.Pack.Name,
        local.Cid,
        local.Folder,
        isThere = Directory.Exists(local.Folder),
        local.IsOwn,
        files = local.Pack.Files.Count,
        bytes = local.Pack.TotalBytes,
        local.Pack.License,
    };

    private static string Facts(LocalPack local) => string.Join(", ", new[]
    {
        $"{Counted.Of(local.Pack.Files.Count, "file")}, {ByteCount.Of(local.Pack.TotalBytes)}",
        local.Pack.Quantization,
        local.Pack.License,
        Directory.Exists(local.Folder) ? Path.GetFileName(local.Folder) : $"{local.Folder} is gone",
        local.IsOwn ? "made here" : null,
    }.OfType<string>());
}
