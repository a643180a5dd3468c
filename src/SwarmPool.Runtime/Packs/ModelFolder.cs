using SwarmPool.Files;
using SwarmPool.Protocol.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Packs;

/// <summary>
/// The models of a machine: a folder with a folder a model, which the backend reads, and beside it <c>(folder).packs</c> with what is known of the packs
/// among them and what is being pulled.
/// </summary>
/// <remarks>Thread-safe; several processes may work with one. Nothing is kept in memory.</remarks>
public sealed class ModelFolder
{
    private const string LockExtension = ".pulling";

    /// <summary>Takes a folder; nothing is made or read yet.</summary>
    /// <param name="path">The models folder.</param>
    public ModelFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        Work = Path + ".packs";
    }

    /// <summary>The folder that the backend reads, a full path.</summary>
    public string Path { get; }

    /// <summary>Where the records of packs and half-pulled files are.</summary>
    internal string Work { get; }

    /// <summary>The packs here, in the order of their names and then of their CIDs.</summary>
    /// <exception cref="SwarmPoolException">SP5209: a record is damaged, or the folder can't be read.</exception>
    public IReadOnlyList<LocalPack> List()
    {
        if (!Directory.Exists(Work))
        {
            return [];
        }

        try
        {
            return
            [
                .. Directory.EnumerateFiles(Work, "b*" + PackRecord.Extension)
                    .Select(path => PackRecord.Read(path, Path))
                    .OrderBy(static local => local.Pack.Name, StringComparer.Ordinal)
                    .ThenBy(static local => local.Cid),
            ];
        }
        catch (Exception fault) when (PackFaults.IsFiles(fault))
        {
            throw PackFaults.Folder(Work, fault);
        }
    }

    /// <summary>The pack of a CID or of a name.</summary>
    /// <param name="nameOrCid">What a person typed.</param>
    /// <exception cref="SwarmPoolException">SP5208: none is here, or several have that name. SP5209: as for <see cref="List"/>.</exception>
    public LocalPack Find(string nameOrCid)
    {
        ArgumentNullException.ThrowIfNull(nameOrCid);
        var all = List();
        List<LocalPack> found = [.. all.Where(local => local.Cid.ToString() == nameOrCid || local.Pack.Name == nameOrCid)];
        return found.Count switch
        {
            1 => found[0],
            0 => throw new SwarmPoolException(ErrorCodes.PackUnknown, $"No model '{nameOrCid}' is in {Path}.{NearestName.Hint(nameOrCid, all.Select(static local => local.Pack.Name))}"),
            _ => throw new SwarmPoolException(ErrorCodes.PackUnknown, $"'{nameOrCid}' names several models in {Path}: say which, by its CID: {string.Join(", ", found.Select(static local => local.Cid))}."),
        };
    }

    /// <summary>Marks packs as used until the result is disposed of, or the process ends.</summary>
    /// <param name="used">The packs.</param>
    /// <exception cref="SwarmPoolException">SP5209: one is being removed, or is gone.</exception>
    public IDisposable Use(IEnumerable<LocalPack> used)
    {
        ArgumentNullException.ThrowIfNull(used);
        var marks = new PackMarks();
        foreach (var local in used)
        {
            marks.Add(RecordOf(local.Cid));
        }

        return marks;
    }

    /// <summary>Removes a pack: its folder, or, where that is the user's own, what is known of it.</summary>
    /// <param name="local">The pack.</param>
    /// <param name="evenIfUsed">Whether it is removed although a running miner uses it.</param>
    /// <exception cref="SwarmPoolException">SP5207: a running miner uses it. SP5209: a file can't be deleted.</exception>
    public void Remove(LocalPack local, bool evenIfUsed = false)
    {
        ArgumentNullException.ThrowIfNull(local);
        var record = RecordOf(local.Cid);
        var aside = System.IO.Path.Combine(Work, $"{local.Cid}.removed");
        try
        {
            using (var alone = evenIfUsed ? null : PackMarks.TryAlone(record) ?? throw new SwarmPoolException(
                ErrorCodes.PackInUse, $"A running miner uses {local.Pack.Name} ({local.Cid}): stop it first."))
            {
                if (!local.IsOwn && Directory.Exists(local.Folder))
                {
                    PackTree.Delete(aside);
                    Directory.Move(local.Folder, aside);
                }
            }

            File.Delete(record);
            PackTree.Delete(aside);
        }
        catch (Exception fault) when (PackFaults.IsFiles(fault))
        {
            throw PackFaults.Folder(local.Folder, fault);
        }
    }

    /// <summary>The pack of a CID; null when it is not here, or its folder is gone.</summary>
    internal LocalPack? FindHere(Cid cid) =>
        File.Exists(RecordOf(cid)) && PackRecord.Read(RecordOf(cid), Path) is { } local && Directory.Exists(local.Folder) ? local : null;

    internal void Record(Cid cid, string folderName, ReadOnlyMemory<byte> manifest, bool isOwn)
    {
        OwnFile.CreateFolder(Work);
        PackRecord.Write(RecordOf(cid), folderName, manifest, isOwn);
        foreach (var older in List().Where(local => local.Cid != cid && System.IO.Path.GetFileName(local.Folder) == folderName))
        {
            File.Delete(RecordOf(older.Cid)); // What the folder was before.
        }
    }

    /// <summary>Where a pack's files are while they are pulled.</summary>
    internal string PartialOf(Cid cid) => System.IO.Path.Combine(Work, $"{cid}.partial");

    /// <summary>Keeps other programs from pulling the same pack.</summary>
    /// <exception cref="SwarmPoolException">SP5210: one does.</exception>
    internal IDisposable PullAlone(Cid cid)
    {
        OwnFile.CreateFolder(Work);
        var path = System.IO.Path.Combine(Work, cid + LockExtension);
        try
        {
            return new PackLock(OwnFile.OpenOrCreate(path), path);
        }
        catch (IOException fault)
        {
            throw new SwarmPoolException(ErrorCodes.PackPlaceTaken, $"Another program pulls {cid} into {Path}: {fault.Message}", fault);
        }
    }

    private string RecordOf(Cid cid) => System.IO.Path.Combine(Work, cid + PackRecord.Extension);

    // Deleted while it is still held, so that nobody opens what is about to go.
    private sealed class PackLock(FileStream held, string path) : IDisposable
    {
        public void Dispose()
        {
            if (OperatingSystem.IsWindows())
            {
                held.Dispose(); // Nobody deletes what is open there.
            }

            File.Delete(path);
            held.Dispose();
        }
    }
}
