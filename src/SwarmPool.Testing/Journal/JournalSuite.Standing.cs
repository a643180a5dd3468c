using SwarmPool.State;

namespace SwarmPool.Testing.Journal;

/// <content>Who leads, and how far those that follow are.</content>
public abstract partial class JournalSuite
{
    private static readonly TimeSpan ForNow = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Anyone_can_see_who_leads_and_since_when()
    {
        await using var journal = Open();
        await using var reader = Open();
        var lease = await AcquireAsync(journal, "host-7, process 42");
        var first = (await reader.MembersAsync(default)).Leader;
        Assert.NotNull(first);
        Assert.Equal((lease.Fence, "host-7, process 42"), (first.Fence, first.Owner));
        await PassAsync(TimeSpan.FromMilliseconds(20));
        await journal.RenewAsync(lease, default);
        Assert.Equal(first, (await reader.MembersAsync(default)).Leader);
        Assert.Equal(first, (await journal.MembersAsync(default)).Leader);

        await LoseLeaseAsync(journal, lease);
        Assert.Null((await reader.MembersAsync(default)).Leader);
        await using var other = Open();
        var next = await AcquireAsync(other, "host-8, process 1");
        var second = (await reader.MembersAsync(default)).Leader;
        Assert.NotNull(second);
        Assert.Equal((next.Fence, "host-8, process 1"), (second.Fence, second.Owner));
        Assert.InRange(second.Since, first.Since, first.Since + ForNow);
        await other.ReleaseAsync(next, default);
        Assert.Null((await reader.MembersAsync(default)).Leader);
    }

    [Fact]
    public async Task A_journal_that_nobody_took_is_led_and_followed_by_nobody()
    {
        await using var journal = Open();
        var standing = await journal.MembersAsync(default);
        Assert.Null(standing.Leader);
        Assert.Empty(standing.Followers);
    }

    [Fact]
    public async Task Anyone_can_see_how_far_each_follower_is()
    {
        await using var journal = Open();
        var lease = await AcquireAsync(journal);
        await journal.AppendAsync(lease, JournalChains.After(JournalHead.Empty, 12), default);
        await using var standby = Open();
        await using var other = Open();
        await standby.ReportAsync("host-8, process 1", 12, ForNow, default);
        await other.ReportAsync("host-9/ä: process 2", 0, ForNow, default);
        await other.ReportAsync("host-9/ä: process 2", 11, ForNow, default);
        await standby.ReportAsync("host-8, process 1", 10, ForNow, default);
        await using var reader = Open();
        var leader = (await reader.MembersAsync(default)).Leader!;
        await FollowAsync(reader, ("host-8, process 1", 10), ("host-9/ä: process 2", 11));
        foreach (var follower in (await reader.MembersAsync(default)).Followers)
        {
            Assert.InRange(follower.At, leader.Since - TimeSpan.FromSeconds(1), leader.Since + ForNow);
        }

        // What followers say changes nothing for the writer, and needs none.
        await journal.AppendAsync(lease, JournalChains.After(await reader.HeadAsync(default), 1), default);
        await journal.ReleaseAsync(lease, default);
        await standby.ReportAsync("host-8, process 1", 13, ForNow, default);
        await FollowAsync(reader, ("host-8, process 1", 13), ("host-9/ä: process 2", 11));
    }

    [Fact]
    public async Task A_report_is_forgotten_after_its_lifetime()
    {
        await using var journal = Open();
        await journal.ReleaseAsync(await AcquireAsync(journal), default);
        var shortly = TimeSpan.FromMilliseconds(250);
        await journal.ReportAsync("stays", 1, ForNow, default);
        await journal.ReportAsync("was given longer", 1, shortly, default);
        await journal.ReportAsync("was given longer", 2, ForNow, default);
        await journal.ReportAsync("goes", 2, shortly, default);
        await PassAsync(shortly + TimeSpan.FromMilliseconds(50));
        await FollowAsync(journal, ("stays", 1), ("was given longer", 2));
    }

    [Fact]
    public async Task A_report_without_an_owner_a_sequence_or_a_lifetime_is_refused()
    {
        await using var journal = Open();
        await journal.ReleaseAsync(await AcquireAsync(journal), default);
        foreach (var (owner, sequence, lifetime) in new[] { ("", 1, ForNow), ("me", -1, ForNow), ("me", 1, TimeSpan.Zero) })
        {
            var fault = await Assert.ThrowsAnyAsync<Exception>(async () => await journal.ReportAsync(owner, sequence, lifetime, default));
            Assert.True(fault is ArgumentException or JournalException, $"{fault.GetType()} is neither an ArgumentException nor a JournalException.");
        }

        await FollowAsync(journal);
    }

    private static async Task FollowAsync(IPoolJournal journal, params (string Owner, long Sequence)[] expected) => Assert.Equal(
        expected,
        (await journal.MembersAsync(default)).Followers.Select(one => (one.Owner, one.Sequence)).OrderBy(one => one.Owner, StringComparer.Ordinal));
}
