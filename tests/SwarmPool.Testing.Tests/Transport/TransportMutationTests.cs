using SwarmPool.Testing.Transport;
using SwarmPool.Transport;

namespace SwarmPool.Testing.Tests.Transport;

/// <summary>The suite catches each wrong transport, by the test that is about what is wrong with it.</summary>
public sealed class TransportMutationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(NetworkHabit.TakesWildcards, nameof(TransportSuite.A_topic_is_no_pattern))]
    [InlineData(NetworkHabit.KeepsThePublishersBuffer, nameof(TransportSuite.A_publisher_may_use_its_buffer_again_at_once))]
    [InlineData(NetworkHabit.HasNoMessageLimit, nameof(TransportSuite.A_message_over_the_limit_is_refused_and_the_next_one_goes_through))]
    [InlineData(NetworkHabit.CutsMessages, nameof(TransportSuite.A_message_of_any_allowed_size_arrives_whole))]
    [InlineData(NetworkHabit.DropsTheNewest, nameof(TransportSuite.A_slow_reader_loses_the_oldest_and_they_are_counted))]
    [InlineData(NetworkHabit.CountsNoDrops, nameof(TransportSuite.A_slow_reader_loses_the_oldest_and_they_are_counted))]
    [InlineData(NetworkHabit.GivesMoreThanAskedFor, nameof(TransportSuite.Content_larger_than_asked_for_is_refused))]
    [InlineData(NetworkHabit.HandsOutItsOwnMemory, nameof(TransportSuite.Memory_belongs_to_the_caller_on_both_sides))]
    [InlineData(NetworkHabit.AnswersNothingForWhatItLacks, nameof(TransportSuite.Content_that_nobody_has_ends_with_the_callers_patience))]
    [InlineData(NetworkHabit.EndsAllSubscriptionsWithOne, nameof(TransportSuite.Disposing_a_subscription_ends_its_reading_and_no_other))]
    [InlineData(NetworkHabit.GoesOnAfterItsEnd, nameof(TransportSuite.A_disposed_party_publishes_nothing_and_the_others_go_on))]
    [InlineData(NetworkHabit.ForgetsPointers, nameof(TransportSuite.A_pointer_leads_to_the_content_it_was_last_set_to))]
    public async Task A_wrong_transport_is_caught(NetworkHabit habit, string by)
    {
        // It bounds failure, and failure is what is waited for here.
        var failures = await SuiteRun.FailuresAsync(() => new Suite(habit, TimeSpan.FromSeconds(1)), by);
        output.WriteLine($"{habit} is caught by {string.Join(", ", failures.Keys)}");
        Assert.Contains(by, failures.Keys);
    }

    [Theory]
    [InlineData(NetworkHabit.None)]
    [InlineData(NetworkHabit.LosesAndRepeats)]
    public async Task A_right_transport_is_not_even_one_that_loses_and_repeats(NetworkHabit habit) =>
        Assert.Empty(await SuiteRun.FailuresAsync(() => new Suite(habit, TimeSpan.FromSeconds(60))));

    private sealed class Suite(NetworkHabit habit, TimeSpan patience) : TransportSuite
    {
        private readonly MemoryNetwork network = new(habit);

        protected override TimeSpan Patience => patience;

        protected override TimeSpan SayAgainAfter => TimeSpan.FromMilliseconds(20);

        protected override ITransport Make() => new MemoryParty(network);
    }
}
