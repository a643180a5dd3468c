using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.State;

namespace Company.Plugin1;

/// <summary>
/// The files of a journal. A batch is one frame: length, SHA-256, records. A frame that is cut short or does not have its hash is
/// the torn end of a write that never answered; it counts as not there.
/// </summary>
internal sealed class JournalFolder(string folder)
{
    private const int FrameHead = 4 + 32;

    public FileStream Lock(string owner)
    {
        Directory.CreateDirectory(folder);
        try
        {
            var held = new FileStream(Of("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            Replace("holder", Encoding.UTF8.GetBytes(owner));
            return held;
        }
        catch (IOException fault)
        {
            throw new JournalException(JournalFault.Held, $"{folder} is held by {Text("holder")}.", fault);
        }
    }

    /// <summary>Whether a writer holds the lock. Looking takes it for an instant, in which a writer's taking would fail; it tries again.</summary>
    public bool IsLocked()
    {
        try
        {
            using var look = new FileStream(Of("lock"), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException fault)
        {
            return fault is not (FileNotFoundException or DirectoryNotFoundException);
        }
    }

    public void Claim(string pool)
    {
        if (Text("pool") is var owner and not "" && owner != pool)
        {
            throw new JournalException(JournalFault.OtherPool, $"{folder} is the journal of {owner}, not of {pool}.");
        }

        Replace("pool", Encoding.UTF8.GetBytes(pool));
    }

    public long NextFence()
    {
        var next = Number("fence") + 1;
        Replace("fence", Encoding.ASCII.GetBytes(next.ToString(CultureInfo.InvariantCulture)));
        return next;
    }

    public void CutTornBatch()
    {
        using var file = new FileStream(Of("records"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.SetLength(Frames().Sum(static frame => (long)FrameHead + frame.Length));
        file.Flush(flushToDisk: true);
    }

    public void Append(IReadOnlyList<JournalRecord> batch)
    {
        var body = new MemoryStream();
        using (var writer = new BinaryWriter(body, Encoding.UTF8, leaveOpen: true))
        {
            foreach (var record in batch)
            {
                writer.Write(record.Sequence);
                writer.Write(record.Previous.Span);
                writer.Write(record.Body.Length);
                writer.Write(record.Body.Span);
            }
        }

        byte[] frame = [.. BitConverter.GetBytes((int)body.Length), .. SHA256.HashData(body.ToArray()), .. body.ToArray()];
        using var file = new FileStream(Of("records"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        file.Write(frame);
        file.Flush(flushToDisk: true);
    }

    public JournalHead Head() => Read() is [.., var last] ? new JournalHead(last.Sequence, last.Hash) : JournalHead.Empty;

    public List<JournalRecord> Read()
    {
        var records = new List<JournalRecord>();
        foreach (var frame in Frames())
        {
            using var reader = new BinaryReader(new MemoryStream(frame));
            while (reader.BaseStream.Position < frame.Length)
            {
                var (sequence, previous) = (reader.ReadInt64(), reader.ReadBytes(32));
                var body = reader.ReadBytes(reader.ReadInt32());
                records.Add(new JournalRecord(sequence, previous, SHA256.HashData(body), body));
            }
        }

        return records;
    }

    public void SaveSnapshot(StateSnapshot snapshot)
    {
        var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(snapshot.Format);
            writer.Write(snapshot.Sequence);
            writer.Write(snapshot.Hash.Span);
            writer.Write(snapshot.Body.Length);
            writer.Write(snapshot.Body.Span);
        }

        Replace("snapshot", bytes.ToArray());
    }

    public StateSnapshot? LoadSnapshot()
    {
        if (!File.Exists(Of("snapshot")))
        {
            return null;
        }

        using var reader = new BinaryReader(File.OpenRead(Of("snapshot")));
        return new(reader.ReadString(), reader.ReadInt64(), reader.ReadBytes(32), reader.ReadBytes(reader.ReadInt32()));
    }

    public void SaveCursor(string cursor, long sequence) =>
        Replace(CursorFile(cursor), Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture)));

    public long LoadCursor(string cursor) => Number(CursorFile(cursor));

    private IEnumerable<byte[]> Frames()
    {
        if (!File.Exists(Of("records")))
        {
            yield break;
        }

        using var file = new FileStream(Of("records"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var head = new byte[FrameHead];
        while (file.ReadAtLeast(head, FrameHead, throwOnEndOfStream: false) == FrameHead)
        {
            var length = BitConverter.ToInt32(head);
            if (length < 0 || length > file.Length - file.Position)
            {
                yield break;
            }

            var body = new byte[length];
            file.ReadExactly(body);
            if (!SHA256.HashData(body).AsSpan().SequenceEqual(head.AsSpan(4)))
            {
                yield break;
            }

            yield return body;
        }
    }

    // Written aside, synced, then renamed: a reader sees the old one or the new one.
    private void Replace(string name, byte[] bytes)
    {
        var aside = Of(name + ".new");
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, Of(name), overwrite: true);
    }

    private string Text(string name) => File.Exists(Of(name)) ? File.ReadAllText(Of(name)) : "";

    private long Number(string name) => long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string CursorFile(string cursor) => "cursor-" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(cursor));

    private string Of(string name) => Path.Combine(folder, name);
}
