using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.State;

namespace Company.Plugin1;

/// <summary>Who leads and who follows, as small files of lines. None of it has to outlive a crash.</summary>
internal sealed class MemberFiles(string folder)
{
    private string LeaderFile => Path.Combine(folder, "leader");

    public void Lead(JournalLeader leader) => Write(LeaderFile, leader.Owner, leader.Fence, leader.Since);

    /// <summary>Who leads, as long as the lock is held: a process that was killed leaves its file behind.</summary>
    public JournalLeader? Leader(bool isLocked) => isLocked && Read(LeaderFile) is [var owner, var fence, var since]
        ? new JournalLeader(Number(fence), owner, Time(since))
        : null;

    public void Report(JournalFollower follower, DateTimeOffset until) =>
        Write(Path.Combine(folder, "follower-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(follower.Owner)))), follower.Owner, follower.Sequence, follower.At, until);

    public IReadOnlyList<JournalFollower> Followers(DateTimeOffset now) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "follower-*").Select(Read).Where(lines => lines is [_, _, _, var until] && Time(until) > now)
            .Select(lines => new JournalFollower(lines[0], Number(lines[1]), Time(lines[2])))]
        : [];

    private static void Write(string file, params object[] lines)
    {
        // Renamed over the old one, so that a reader sees the one or the other.
        var aside = Path.Combine(Path.GetDirectoryName(file)!, "new-" + Path.GetFileName(file));
        File.WriteAllLines(aside, lines.Select(line => line is DateTimeOffset at ? at.ToString("O", CultureInfo.InvariantCulture) : Convert.ToString(line, CultureInfo.InvariantCulture)!.ReplaceLineEndings(" ")));
        File.Move(aside, file, overwrite: true);
    }

    private static string[] Read(string file) => File.Exists(file) ? File.ReadAllLines(file) : [];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);
}
