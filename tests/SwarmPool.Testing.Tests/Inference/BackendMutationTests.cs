using SwarmPool.Inference;
using SwarmPool.Testing.Inference;
using static SwarmPool.Testing.Tests.Inference.WrongBackends;
using static SwarmPool.Testing.Tests.Inference.WrongTokens;

namespace SwarmPool.Testing.Tests.Inference;

/// <summary>The suites catch each wrong backend, by the test that is about what is wrong with it.</summary>
public sealed class BackendMutationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(typeof(StatesAnotherClassThanItsRuns), nameof(BackendSuite.What_the_description_says_of_a_model_holds_for_its_runs))]
    [InlineData(typeof(TakesLessThanNoMemory), nameof(BackendSuite.What_the_description_says_of_a_model_holds_for_its_runs))]
    [InlineData(typeof(CountsLessThanNothing), nameof(BackendSuite.What_the_description_says_of_a_model_holds_for_its_runs))]
    [InlineData(typeof(KeepsWhatItUnloads), nameof(BackendSuite.A_model_that_was_unloaded_runs_as_before))]
    [InlineData(typeof(UnloadsThoughItCant), nameof(BackendSuite.A_model_that_was_unloaded_runs_as_before))]
    [InlineData(typeof(RunsOtherwiseOnceUnloaded), nameof(BackendSuite.A_model_that_was_unloaded_runs_as_before))]
    [InlineData(typeof(StreamsWithoutAResult), nameof(BackendSuite.The_chunks_of_a_run_end_with_its_result_and_with_nothing_else))]
    [InlineData(typeof(StreamsAnotherOutput), nameof(BackendSuite.The_chunks_of_a_run_end_with_its_result_and_with_nothing_else))]
    [InlineData(typeof(GoesOnAfterTheResult), nameof(BackendSuite.The_chunks_of_a_run_end_with_its_result_and_with_nothing_else))]
    [InlineData(typeof(StreamsOnWhenCancelled), nameof(BackendSuite.The_chunks_of_a_run_end_with_its_result_and_with_nothing_else))]
    public async Task A_wrong_backend_is_caught(Type backend, string by) =>
        await CaughtAsync(backend, by, () => new Suite(() => (IInferenceBackend)Activator.CreateInstance(backend)!));

    [Theory]
    [InlineData(typeof(IsOfAnotherClass), nameof(TokenModelSuite.The_description_is_that_of_the_model))]
    [InlineData(typeof(HasAnEndOutsideOfItsVocabulary), nameof(TokenModelSuite.The_description_is_that_of_the_model))]
    [InlineData(typeof(EncodesByChance), nameof(TokenModelSuite.A_prompt_is_always_the_same_tokens))]
    [InlineData(typeof(SaysThatItTakesMessages), nameof(TokenModelSuite.A_prompt_is_always_the_same_tokens))]
    [InlineData(typeof(SpellsItsEnd), nameof(TokenModelSuite.Each_token_has_bytes_and_an_end_token_none))]
    [InlineData(typeof(HasBytesForEveryNumber), nameof(TokenModelSuite.Each_token_has_bytes_and_an_end_token_none))]
    [InlineData(typeof(RemembersTheAnswerBefore), nameof(TokenModelSuite.The_same_tokens_have_the_same_logits_after_others))]
    [InlineData(typeof(SharesOneSequence), nameof(TokenModelSuite.The_same_tokens_have_the_same_logits_beside_others))]
    [InlineData(typeof(IsDisturbedByNeighbours), nameof(TokenModelSuite.The_same_tokens_have_the_same_logits_beside_others))]
    [InlineData(typeof(ScoresOnePlaceLate), nameof(TokenModelSuite.One_pass_over_an_answer_gives_what_the_sequence_gave))]
    [InlineData(typeof(ScoresTooFew), nameof(TokenModelSuite.One_pass_over_an_answer_gives_what_the_sequence_gave))]
    [InlineData(typeof(TakesMoreThanItsContext), nameof(TokenModelSuite.What_does_not_fit_is_refused_and_does_no_harm))]
    [InlineData(typeof(TakesTokensThatItHasNot), nameof(TokenModelSuite.What_does_not_fit_is_refused_and_does_no_harm))]
    [InlineData(typeof(GivesTooFewLogits), nameof(TokenModelSuite.The_same_tokens_have_the_same_logits_after_others))]
    [InlineData(typeof(GivesNaN), nameof(TokenModelSuite.The_same_tokens_have_the_same_logits_after_others))]
    [InlineData(typeof(EncodesWhenCancelled), nameof(TokenModelSuite.A_cancelled_call_ends_and_leaves_the_model_usable))]
    [InlineData(typeof(LivesAfterItsBackend), nameof(TokenModelSuite.A_disposed_backend_says_so))]
    public async Task A_wrong_token_model_is_caught(Type tokens, string by) =>
        await CaughtAsync(tokens, by, () => new TokenSuite(() => new BackendOf((ITokenModel)Activator.CreateInstance(tokens)!)));

    [Fact]
    public async Task A_right_one_is_not()
    {
        Assert.Empty(await SuiteRun.FailuresAsync(static () => new Suite(static () => new RightBackend())));
        Assert.Empty(await SuiteRun.FailuresAsync(static () => new TokenSuite(static () => new RightBackend())));
    }

    private async Task CaughtAsync(Type wrong, string by, Func<object> suite)
    {
        var failures = await SuiteRun.FailuresAsync(suite, by);
        output.WriteLine($"{wrong.Name} is caught by {string.Join(", ", failures.Keys)}: {failures.GetValueOrDefault(by)}");
        Assert.Contains(by, failures.Keys);
    }

    private sealed class BackendOf(ITokenModel tokens) : RightBackend
    {
        protected override ITokenModel Tokens() => tokens;
    }

    private sealed class Suite(Func<IInferenceBackend> make) : BackendSuite
    {
        protected override InferenceRequest Sample { get; } = new(RightBackend.Model, "text", "every payout"u8.ToArray());

        protected override IInferenceBackend Make() => make();
    }

    private sealed class TokenSuite(Func<IInferenceBackend> make) : TokenModelSuite
    {
        protected override string Model => RightBackend.Model;

        protected override TokenPrompt Prompt { get; } = TokenPrompt.OfText("every payout can be recomputed");

        protected override IInferenceBackend Make() => make();
    }
}
