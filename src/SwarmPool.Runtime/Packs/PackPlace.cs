using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>Where a pulled pack goes: a folder named by the model and the end of its CID.</summary>
internal sealed class PackPlace(ModelFolder folder, Cid cid, ModelPack pack)
{
    private const int LongestName = 100;
    private const int EndOfCid = 8;

    /// <summary>The model's folder's name.</summary>
    public string Name { get; } = NameOf(cid, pack);

    /// <summary>The model's folder.</summary>
    public string Final => Path.Combine(folder.Path, Name);

    /// <summary>Where its files are until all of them are right.</summary>
    public string Partial => folder.PartialOf(cid);

    /// <summary>Whether all files are there already: a pull was killed after its last step but one.</summary>
    /// <exception cref="SwarmPoolException">SP5210: something else is there.</exception>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        if (!Path.Exists(Final))
        {
            return false;
        }

        var differences = await PackVerification.RunAsync(pack, Final, null, cancellationToken);
        return differences.Count == 0 ? true : throw new SwarmPoolException(
            ErrorCodes.PackPlaceTaken, $"{Final} is there and is not {pack.Name} ({cid}): {differences[0].Reason} Move it away, and pull again.");
    }

    /// <summary>Moves the files there.</summary>
    public void Move()
    {
        foreach (var extra in PackTree.Read(Partial, []).Where(there => pack.Files.All(file => file.Path != there.Path)))
        {
            File.Delete(extra.FullPath); // Nobody's that this program knows of.
        }

        OwnFile.CreateFolder(folder.Path);
        try
        {
            Directory.Move(Partial, Final);
        }
        catch (IOException fault)
        {
            throw new SwarmPoolException(
                ErrorCodes.PackFolderUnusable, $"{Partial} can't be moved to {Final} ({fault.Message}): both have to be on one disk. Name another folder (models_folder).", fault);
        }
    }

    private static string NameOf(Cid cid, ModelPack pack)
    {
        var name = pack.Name.Replace('/', '_').Replace(':', '_').TrimStart('.', '-');
        return $"{name[..Math.Min(name.Length, LongestName)]}-{cid.ToString()[^EndOfCid..]}";
    }
}
