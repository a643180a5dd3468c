using System.Buffers.Binary;
using System.Diagnostics;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>The journal's write-ahead log, seen from outside: sqlite.org/fileformat2.html, section 4.</summary>
internal sealed class KillWal(string journal)
{
    private const int HeaderBytes = 32;
    private const int FrameHeaderBytes = 24;

    private readonly string path = journal + "-wal";

    /// <summary>Returns as soon as the log has been written to: the append is on its way to the disk, or just there.</summary>
    public void AwaitWrite(TimeSpan patience)
    {
        var (length, at) = Look();
        var watch = Stopwatch.StartNew();
        while (Look() == (length, at))
        {
            Assert.True(watch.Elapsed < patience, $"nothing was appended to the journal within {patience.TotalSeconds} s");
            Thread.Sleep(0);
        }
    }

    /// <summary>How many frames were written of a transaction that was not committed any more.</summary>
    public int TornFrames()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            return 0;
        }

        var pageBytes = BinaryPrimitives.ReadInt32BigEndian(header[8..]);
        Span<byte> frame = stackalloc byte[FrameHeaderBytes];
        var torn = 0;
        while (file.ReadAtLeast(frame, FrameHeaderBytes, throwOnEndOfStream: false) == FrameHeaderBytes && frame[8..16].SequenceEqual(header[16..24]))
        {
            var isCommit = BinaryPrimitives.ReadInt32BigEndian(frame[4..]) != 0;
            torn = isCommit && file.Length - file.Position >= pageBytes ? 0 : torn + 1;
            file.Position += pageBytes;
        }

        return torn;
    }

    private (long Length, DateTime At) Look()
    {
        var info = new FileInfo(path);
        return info.Exists ? (info.Length, info.LastWriteTimeUtc) : default;
    }
}
