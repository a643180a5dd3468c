using System.Globalization;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>Who leads, and how far the others are: by the server's clock.</summary>
internal sealed class MembersTable(JournalCalls calls, PoolKeys keys)
{
    private const int LeaseValues = 5;
    private static readonly string ReportScript = Script.Read("Journal.Scripts.report");
    private static readonly string MembersScript = Script.Read("Journal.Scripts.members");

    public async Task<JournalMembers> ReadAsync(CancellationToken cancellationToken)
    {
        var answer = await calls.RunAsync("asking who leads", MembersScript, [keys.Lease, keys.Followers], [], cancellationToken);
        var now = (long)answer[0];
        var leads = (string?)answer[1] is { Length: > 0 } && (long)answer[4] > now;
        var leader = leads ? new JournalLeader((long)answer[1], (string)answer[2]!, DateTimeOffset.FromUnixTimeMilliseconds((long)answer[3])) : null;
        var followers = new List<JournalFollower>();
        for (var i = LeaseValues; i + 1 < answer.Length; i += 2)
        {
            if (Follower((string)answer[i]!, (string)answer[i + 1]!, now) is { } follower)
            {
                followers.Add(follower);
            }
        }

        return new JournalMembers(leader, [.. followers.OrderBy(static one => one.Owner, StringComparer.Ordinal)]);
    }

    public Task ReportAsync(string owner, long sequence, TimeSpan lifetime, CancellationToken cancellationToken) => calls.RunAsync(
        "reporting this standby's position", ReportScript, [keys.Followers], [owner, sequence, (long)Math.Ceiling(lifetime.TotalMilliseconds)], cancellationToken);

    private static JournalFollower? Follower(string owner, string report, long now)
    {
        var parts = report.Split(' ');
        return parts.Length == 3 && long.Parse(parts[2], CultureInfo.InvariantCulture) > now
            ? new JournalFollower(owner, long.Parse(parts[0], CultureInfo.InvariantCulture), DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture)))
            : null;
    }
}
