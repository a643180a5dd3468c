using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Packs;

/// <summary>
/// Who uses packs: a lock of the operating system on the pack's record, shared among those who use it, so that it is gone when its process is, however
/// that ends.
/// </summary>
internal sealed class PackMarks : IDisposable
{
    private readonly List<FileStream> held = [];

    /// <exception cref="SwarmPoolException">SP5209: the pack is being removed, or is gone.</exception>
    public void Add(string record)
    {
        try
        {
            held.Add(new FileStream(record, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
        }
        catch (Exception fault) when (PackFaults.IsFiles(fault))
        {
            Dispose();
            throw PackFaults.Folder(record, fault);
        }
    }

    /// <summary>The record, held by nobody else; null when somebody uses the pack.</summary>
    /// <exception cref="FileNotFoundException">It is gone.</exception>
    public static FileStream? TryAlone(string record)
    {
        try
        {
            return new FileStream(record, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (fault is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }

    public void Dispose()
    {
        held.ForEach(static file => file.Dispose());
        held.Clear();
    }
}
