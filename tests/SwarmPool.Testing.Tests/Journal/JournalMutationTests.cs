using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.Testing.Tests.Journal;

/// <summary>The suite catches each wrong journal, by the test that is about what is wrong with it.</summary>
public sealed class JournalMutationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(JournalBug.TearsBatches, nameof(JournalSuite.A_batch_with_one_bad_record_is_not_taken_at_all))]
    [InlineData(JournalBug.ForgetsFences, nameof(JournalSuite.A_writer_that_was_replaced_is_refused_for_ever_by_every_handle))]
    [InlineData(JournalBug.GivesTheSameFenceAgain, nameof(JournalSuite.Each_lease_has_a_higher_fence))]
    [InlineData(JournalBug.AnswersBeforeItIsDurable, nameof(JournalSuite.An_answered_append_is_seen_by_everyone_at_once))]
    [InlineData(JournalBug.KeepsTheCallersBuffers, nameof(JournalSuite.Large_records_and_large_batches_come_back_whole_and_the_writer_may_use_its_buffers_again))]
    [InlineData(JournalBug.TakesWhatDoesNotFollow, nameof(JournalSuite.Of_many_batches_that_follow_one_head_one_is_taken))]
    [InlineData(JournalBug.LetsTwoHold, nameof(JournalSuite.Of_many_that_want_the_lease_one_gets_it))]
    [InlineData(JournalBug.ServesAnyPool, nameof(JournalSuite.A_journal_belongs_to_one_pool))]
    [InlineData(JournalBug.ReadsOnPastItsHead, nameof(JournalSuite.A_read_ends_at_the_head_of_its_beginning_while_the_writer_goes_on))]
    [InlineData(JournalBug.KeepsTheOldestSnapshot, nameof(JournalSuite.The_newest_snapshot_and_the_last_cursor_count))]
    [InlineData(JournalBug.TakesAnyHash, nameof(JournalSuite.A_batch_with_one_bad_record_is_not_taken_at_all))]
    [InlineData(JournalBug.NamesALeaderWhoseLeaseIsOver, nameof(JournalSuite.Anyone_can_see_who_leads_and_since_when))]
    [InlineData(JournalBug.TellsTheRenewalForTheTaking, nameof(JournalSuite.Anyone_can_see_who_leads_and_since_when))]
    [InlineData(JournalBug.KeepsOneFollowerOnly, nameof(JournalSuite.Anyone_can_see_how_far_each_follower_is))]
    [InlineData(JournalBug.RemembersReportsForEver, nameof(JournalSuite.A_report_is_forgotten_after_its_lifetime))]
    [InlineData(JournalBug.WantsALeaseForAReport, nameof(JournalSuite.Anyone_can_see_how_far_each_follower_is))]
    public async Task A_wrong_journal_is_caught(JournalBug bug, string by)
    {
        var failures = await SuiteRun.FailuresAsync(() => new Suite(bug), by);
        output.WriteLine($"{bug} is caught by {string.Join(", ", failures.Keys)}");
        Assert.Contains(by, failures.Keys);
    }

    [Fact]
    public async Task A_right_journal_is_not() => Assert.Empty(await SuiteRun.FailuresAsync(() => new Suite(JournalBug.None)));

    private sealed class Suite(JournalBug bug) : JournalSuite
    {
        private readonly MemoryStore store = new();

        protected override IPoolJournal Open() => new MemoryJournal(store, bug);
    }
}
