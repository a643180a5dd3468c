namespace SwarmPool.Runtime.Packs;

/// <summary>How far a pack is that is added, pulled or verified.</summary>
/// <param name="File">The file at work.</param>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Files">How many files there are.</param>
/// <param name="Bytes">Bytes done, of all files; of a pull those too that were on disk and are right.</param>
/// <param name="TotalBytes">Bytes of all files.</param>
/// <param name="FoundBytes">Of <paramref name="Bytes"/>, those that were on disk already.</param>
public readonly record struct PackProgress(string File, int Number, int Files, long Bytes, long TotalBytes, long FoundBytes);

/// <summary>Counts what is done of a pack's files and tells it.</summary>
internal sealed class PackProgressCount(IProgress<PackProgress>? progress, int files, long totalBytes)
{
    private string file = "";
    private int number;
    private long bytes;
    private long found;

    public void Begin(string path)
    {
        (file, number) = (path, number + 1);
        Tell();
    }

    public void Done(long more, bool wasThere = false)
    {
        bytes += more;
        found += wasThere ? more : 0;
        Tell();
    }

    private void Tell() => progress?.Report(new PackProgress(file, number, files, bytes, totalBytes, found));
}
