using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Files;
using SwarmPool.State;

namespace SwarmPool.Plugins.Embedded.Journal;

/// <summary>What standby daemons report, in the folder <c>&lt;journal&gt;.followers</c>: a file for each, replaced whole.</summary>
internal sealed class FollowerFiles(string journal, TimeProvider time)
{
    private const int MaxFileBytes = 4096;

    private readonly string folder = journal + ".followers";

    public async ValueTask WriteAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = lifetime < DateTimeOffset.MaxValue - now ? now + lifetime : DateTimeOffset.MaxValue;
        var text = string.Create(CultureInfo.InvariantCulture, $"{OwnerLine.OneLine(owner)}\n{sequence}\n{now:O}\n{until:O}");
        try
        {
            OwnFile.CreateFolder(folder);
            var file = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(owner))));
            await OwnFile.WriteSharedAsync(file, Encoding.UTF8.GetBytes(text), isDurable: false, cancellationToken);
            DropForgotten(now);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new JournalException(JournalFault.NoRoom, $"{folder} is not writable, so a standby can't report its position. Fix the folder's owner or mode.", fault);
        }
        catch (IOException fault)
        {
            throw new JournalException(JournalFault.Unavailable, $"{folder} can't be written: {fault.Message}", fault);
        }
    }

    public IReadOnlyList<JournalFollower> Read()
    {
        try
        {
            var now = time.GetUtcNow();
            return Directory.Exists(folder) ? [.. Reports().Select(Parse).Where(one => one.Until > now).Select(one => one.Follower!)] : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(JournalFault.Unavailable, $"{folder} can't be read: {fault.Message}", fault);
        }
    }

    private void DropForgotten(DateTimeOffset now)
    {
        foreach (var file in Reports().Where(file => Parse(file) is { Follower: not null, Until: var until } && until <= now))
        {
            File.Delete(file);
        }
    }

    private IEnumerable<string> Reports() =>
        Directory.EnumerateFiles(folder).Where(file => !Path.GetFileName(file).StartsWith(OwnFile.AsidePrefix, StringComparison.Ordinal));

    // What can't be read as a report does not count.
    private static (JournalFollower? Follower, DateTimeOffset Until) Parse(string file)
    {
        try
        {
            var lines = Encoding.UTF8.GetString(RegularFile.ReadAllBytes(file, MaxFileBytes)).Split('\n');
            return lines is [{ Length: > 0 } owner, var sequence, var at, var until]
                ? (new JournalFollower(owner, long.Parse(sequence, NumberStyles.None, CultureInfo.InvariantCulture), Time(at)), Time(until))
                : default;
        }
        catch (Exception fault) when (fault is FormatException or OverflowException or IOException)
        {
            return default;
        }
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);
}
