using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Identity;

namespace SwarmPool.Plugins.Embedded.Identity;

/// <summary>What the names file said last: its names, or what is wrong with it.</summary>
internal sealed record NamesState(IReadOnlyDictionary<EnsName, NameEntry>? Names, string Problem);

/// <summary>
/// Keeps the names file's content, looking at most once a second whether it changed: the file that the path leads to in the end, since a
/// folder that is mounted is renewed by swapping a link. Used by one caller at a time.
/// </summary>
internal sealed class NamesFileWatcher(string path, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private FileStamp stamp;
    private byte[] digest = [];
    private long looked;
    private NamesState? state;

    /// <summary>The state now, and whether it is another than at the last call.</summary>
    public (NamesState State, bool Changed) Look()
    {
        if (state is not null && time.GetElapsedTime(looked) < LookEvery)
        {
            return (state, false);
        }

        looked = time.GetTimestamp();
        var before = state;
        try
        {
            Refresh();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or FormatException)
        {
            // What was known is dropped: going on with it would pay names that someone has just tried to take out.
            digest = [];
            stamp = default;
            var problem = $"the names file {path} can't be used: {fault.Message}";
            state = before?.Problem == problem ? before : new NamesState(null, problem);
        }

        return (state!, !ReferenceEquals(state, before));
    }

    private void Refresh()
    {
        var seen = Stamp();
        if (state is { Names: not null } && seen == stamp && !seen.IsYoung(time.GetUtcNow()))
        {
            return;
        }

        var bytes = ReadBounded();
        var read = SHA256.HashData(bytes);
        if (state is not { Names: not null } || !read.AsSpan().SequenceEqual(digest))
        {
            state = new NamesState(NamesFile.Parse(bytes), "");
            digest = read;
        }

        stamp = seen;
    }

    private FileStamp Stamp()
    {
        try
        {
            return FileStamp.Of(path);
        }
        catch (FileNotFoundException missing)
        {
            throw new FileNotFoundException("""there is no such file; make it: { "network": "local", "names": { "miner.alice.eth": { "accounts": ["0x…"] } } }""", missing);
        }
    }

    private byte[] ReadBounded()
    {
        using var stream = RegularFile.OpenRead(path, followsLinks: true);
        if (stream.Length > NamesFile.MaxBytes)
        {
            throw new FormatException($"it has {stream.Length} bytes; at most {NamesFile.MaxBytes} are read");
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
