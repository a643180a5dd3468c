using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;
using static SwarmPool.Testing.Tests.Settlement.WrongPolicies;

namespace SwarmPool.Testing.Tests.Settlement;

/// <summary>The suite catches each wrong policy, by the test that is about what is wrong with it.</summary>
public sealed class SettlementMutationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(typeof(LosesTheRemainder), nameof(SettlementSuite.Every_micro_unit_is_paid_once_to_somebody_who_is_known))]
    [InlineData(typeof(RoundsUp), nameof(SettlementSuite.Every_micro_unit_is_paid_once_to_somebody_who_is_known))]
    [InlineData(typeof(PaysByCount), nameof(SettlementSuite.Self_made_jobs_never_pay_more_than_they_cost))]
    [InlineData(typeof(GivesTheRemainderToTheFirstEntry), nameof(SettlementSuite.The_order_of_the_ledger_does_not_matter))]
    [InlineData(typeof(TakesAFeeThatMayBeMoreThanThereIs), nameof(SettlementSuite.Every_micro_unit_is_paid_once_at_an_adversarys_sizes))]
    [InlineData(typeof(PaysAStranger), nameof(SettlementSuite.Every_micro_unit_is_paid_once_to_somebody_who_is_known))]
    [InlineData(typeof(PaysEachJobByItself), nameof(SettlementSuite.Every_micro_unit_is_paid_once_to_somebody_who_is_known))]
    [InlineData(typeof(TakesOneNameForOnePayee), nameof(SettlementSuite.Every_micro_unit_is_paid_once_to_somebody_who_is_known))]
    [InlineData(typeof(ListsTheRichestFirst), nameof(SettlementSuite.Every_micro_unit_is_paid_once_to_somebody_who_is_known))]
    [InlineData(typeof(ThrowsOnAnEmptyEpoch), nameof(SettlementSuite.An_epoch_without_work_pays_nothing))]
    [InlineData(typeof(RemembersItsCalls), nameof(SettlementSuite.The_same_arguments_give_the_same_outcome_whatever_was_settled_between))]
    [InlineData(typeof(CarriesAllItEverSaw), nameof(SettlementSuite.The_state_stays_within_its_limit_over_many_epochs_of_many_miners))]
    [InlineData(typeof(CountsInDoubles), nameof(SettlementSuite.Every_micro_unit_is_paid_once_to_somebody_who_is_known))]
    [InlineData(typeof(CountsInInts), nameof(SettlementSuite.Every_micro_unit_is_paid_once_at_an_adversarys_sizes))]
    [InlineData(typeof(DrawsLots), nameof(SettlementSuite.The_same_arguments_give_the_same_outcome_whatever_was_settled_between))]
    [InlineData(typeof(WritesIntoTheLedger), nameof(SettlementSuite.The_ledger_is_only_read))]
    [InlineData(typeof(WritesItsStateInTheCultureOfTheMachine), nameof(SettlementSuite.The_culture_of_the_machine_does_not_matter))]
    [InlineData(typeof(PaysAnUndeclaredPayee), nameof(SettlementSuite.Every_micro_unit_is_paid_once_to_somebody_who_is_known))]
    [InlineData(typeof(TakesItsFeeBesideTheSum), nameof(SettlementSuite.Every_micro_unit_is_paid_once_to_somebody_who_is_known))]
    [InlineData(typeof(PaysItsFeeTwice), nameof(SettlementSuite.Every_micro_unit_is_paid_once_to_somebody_who_is_known))]
    [InlineData(typeof(GivesWhatThereIsNot), nameof(SettlementSuite.An_epoch_without_work_pays_nothing))]
    [InlineData(typeof(DeclaresAnotherEachTime), nameof(SettlementSuite.Whom_it_declares_can_be_recorded_and_stays))]
    [InlineData(typeof(HasNoNameToPublish), nameof(SettlementSuite.Name_and_version_can_be_published_and_stay))]
    public async Task A_wrong_policy_is_caught(Type policy, string by)
    {
        var failures = await SuiteRun.FailuresAsync(() => new Suite(() => (ISettlementPolicy)Activator.CreateInstance(policy)!), by);
        output.WriteLine($"{policy.Name} is caught by {string.Join(", ", failures.Keys)}");
        Assert.Contains(by, failures.Keys);
    }

    [Fact]
    public async Task One_that_takes_a_fee_for_whom_it_declares_is_not() => Assert.Empty(await SuiteRun.FailuresAsync(() => new Suite(() => new FeePolicy())));

    [Fact]
    public async Task A_right_policy_is_not() => Assert.Empty(await SuiteRun.FailuresAsync(() => new Suite(() => new RightPolicy())));

    private sealed class Suite(Func<ISettlementPolicy> make) : SettlementSuite
    {
        protected override int Samples => 20;

        protected override ISettlementPolicy Make() => make();
    }
}
