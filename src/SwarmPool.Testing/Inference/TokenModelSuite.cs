using SwarmPool.Inference;

namespace SwarmPool.Testing.Inference;

/// <summary>
/// The contract of <see cref="ITokenModel"/> as tests, for backends that show a model's logits: the same tokens have the same logits, bit
/// for bit, beside others and after others; what is scored in one pass is what a sequence gave; wrong tokens and too many are refused.
/// </summary>
/// <remarks>Inherit it in a public class, beside one of <see cref="BackendSuite"/>, and override <see cref="Make"/>, <see cref="Model"/> and <see cref="Prompt"/>.</remarks>
public abstract class TokenModelSuite
{
    /// <summary>How long a test waits. It bounds failure only; default two minutes.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromMinutes(2);

    /// <summary>How many sequences are under way at once, default 2; the backend is made for as many.</summary>
    protected virtual int Parallel => 2;

    /// <summary>How far a logit of one pass may be from that of a sequence, default 0.1: a wider batch rounds otherwise.</summary>
    protected virtual double Tolerance => 0.1;

    /// <summary>A model of the backend's that has tokens.</summary>
    protected abstract string Model { get; }

    /// <summary>A prompt of at least four tokens, with room for 16 more in the context.</summary>
    protected abstract TokenPrompt Prompt { get; }

    /// <summary>Makes a backend that has the model.</summary>
    protected abstract IInferenceBackend Make();

    [Fact]
    public async Task The_description_is_that_of_the_model()
    {
        await using var backend = Make();
        var about = (await OpenAsync(backend)).Description;
        var model = Assert.Single((await backend.DescribeAsync(default)).Models, one => one.Name == Model);
        Assert.Equal(model.Sha256, about.Class.ModelSha256);
        Assert.Equal(model.Class ?? about.Class, about.Class);
        Assert.True(about.VocabularySize >= 1, $"The vocabulary has {about.VocabularySize} tokens.");
        Assert.True(about.ContextLength >= 20, $"The context has {about.ContextLength} tokens; these tests need 20.");
        Assert.Equal(model.ContextLength == 0 ? about.ContextLength : model.ContextLength, about.ContextLength);
        Assert.All(about.EndTokens, token => Assert.InRange(token, 0, about.VocabularySize - 1));
    }

    [Fact]
    public async Task A_prompt_is_always_the_same_tokens()
    {
        await using var backend = Make();
        var model = await OpenAsync(backend);
        var tokens = await EncodeAsync(model);
        Assert.All(tokens.ToArray(), token => Assert.InRange(token, 0, model.Description.VocabularySize - 1));
        Assert.Equal(tokens.ToArray(), (await EncodeAsync(model)).ToArray());
        var messages = TokenPrompt.OfMessages([new PromptMessage("user", "a")]);
        if (model.Description.TakesMessages)
        {
            Assert.NotEqual(0, (await model.EncodeAsync(messages, default)).Length);
        }
        else
        {
            await Assert.ThrowsAsync<InferenceException>(async () => await model.EncodeAsync(messages, default));
        }
    }

    [Fact]
    public async Task Each_token_has_bytes_and_an_end_token_none()
    {
        await using var backend = Make();
        var model = await OpenAsync(backend);
        var all = Enumerable.Range(0, model.Description.VocabularySize).Sum(token => (long)model.BytesOf(token).Length);
        Assert.NotEqual(0, all);
        Assert.All(model.Description.EndTokens, token => Assert.Equal(0, model.BytesOf(token).Length));
        Assert.Throws<InferenceException>(() => model.BytesOf(-1));
        Assert.Throws<InferenceException>(() => model.BytesOf(model.Description.VocabularySize));
    }

    [Fact]
    public async Task The_same_tokens_have_the_same_logits_after_others()
    {
        await using var backend = Make();
        var model = await OpenAsync(backend);
        var prompt = (await EncodeAsync(model)).ToArray();
        var first = await AnswerAsync(model, prompt, 6);
        _ = await AnswerAsync(model, [.. prompt.SkipLast(1), .. prompt.Take(2)], 3);
        _ = await AnswerAsync(model, [.. prompt.Reverse()], 3);
        var again = await AnswerAsync(model, prompt, 6);
        Assert.Equal(first.Tokens, again.Tokens);
        AssertSameBits(first.Logits, again.Logits);
    }

    [Fact]
    public async Task The_same_tokens_have_the_same_logits_beside_others()
    {
        await using var backend = Make();
        var model = await OpenAsync(backend);
        var prompt = (await EncodeAsync(model)).ToArray();
        var prompts = Enumerable.Range(0, Parallel).Select(number => (int[])[.. prompt.Take(prompt.Length - (number % 2))]).ToList();
        var alone = new List<(List<int> Tokens, List<float[]> Logits)>();
        foreach (var one in prompts)
        {
            alone.Add(await AnswerAsync(model, one, 4));
        }

        // All of them have begun before any goes on, and they go on in turn.
        var sequences = new List<ITokenSequence>();
        var next = prompts.Select(static one => (ReadOnlyMemory<int>)one).ToList();
        for (var i = 0; i < Parallel; i++)
        {
            sequences.Add(await BeginAsync(model));
        }

        for (var place = 0; place < 4; place++)
        {
            for (var i = 0; i < Parallel; i++)
            {
                var logits = (await AppendAsync(sequences[i], next[i])).ToArray();
                AssertSameBits([alone[i].Logits[place]], [logits]);
                next[i] = new[] { alone[i].Tokens[place] };
                Assert.Equal(prompts[i].Length + place, sequences[i].Length);
            }
        }

        foreach (var sequence in sequences)
        {
            await sequence.DisposeAsync();
        }

        var together = await Task.WhenAll(Enumerable.Range(0, Parallel * 3).Select(number => AnswerAsync(model, prompts[number % Parallel], 4)));
        Assert.All(together.Select(static (one, number) => (one, number)), pair => AssertSameBits(alone[pair.number % Parallel].Logits, pair.one.Logits));
    }

    [Fact]
    public async Task One_pass_over_an_answer_gives_what_the_sequence_gave()
    {
        await using var backend = Make();
        var model = await OpenAsync(backend);
        var prompt = (await EncodeAsync(model)).ToArray();
        var answer = await AnswerAsync(model, prompt, 8);
        var places = await ScoreAsync(model, prompt, answer.Tokens.ToArray());
        Assert.Equal(answer.Logits.Count, places.Count);
        for (var place = 0; place < places.Count; place++)
        {
            var furthest = answer.Logits[place].Zip(places[place]).Max(static pair => Math.Abs((double)pair.First - pair.Second));
            Assert.True(furthest <= Tolerance, $"At place {place} a logit of one pass is {furthest} from that of the sequence; {Tolerance} is allowed.");
        }

        AssertSameBits(places, await ScoreAsync(model, prompt, answer.Tokens.ToArray()));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_does_no_harm()
    {
        await using var backend = Make();
        var model = await OpenAsync(backend);
        var (prompt, about) = ((await EncodeAsync(model)).ToArray(), model.Description);
        var before = await AnswerAsync(model, prompt, 3);
        int[] tooMany = [.. Enumerable.Repeat(prompt[0], about.ContextLength + 1)];
        int[][] wrong = [tooMany, [], [prompt[0], -1], [prompt[0], about.VocabularySize], [int.MaxValue]];
        foreach (var tokens in wrong)
        {
            await using var sequence = await BeginAsync(model);
            await Assert.ThrowsAsync<InferenceException>(async () => await AppendAsync(sequence, tokens));
            await Assert.ThrowsAsync<InferenceException>(async () => await ScoreAsync(model, tokens, prompt));
            await Assert.ThrowsAsync<InferenceException>(async () => await ScoreAsync(model, prompt, tokens));
        }

        await using (var full = await BeginAsync(model))
        {
            await AppendAsync(full, tooMany.AsMemory(1));
            await Assert.ThrowsAsync<InferenceException>(async () => await AppendAsync(full, prompt.AsMemory(0, 1)));
        }

        AssertSameBits(before.Logits, (await AnswerAsync(model, prompt, 3)).Logits);
    }

    [Fact]
    public async Task A_cancelled_call_ends_and_leaves_the_model_usable()
    {
        await using var backend = Make();
        var model = await OpenAsync(backend);
        var prompt = (await EncodeAsync(model)).ToArray();
        var before = await AnswerAsync(model, prompt, 3);
        await using (var sequence = await BeginAsync(model))
        {
            await AppendAsync(sequence, prompt);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await sequence.AppendAsync(prompt.AsMemory(0, 1), new CancellationToken(canceled: true)));
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await model.EncodeAsync(Prompt, new CancellationToken(canceled: true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await model.BeginAsync(new CancellationToken(canceled: true)));
        using (var cancelling = new CancellationTokenSource())
        {
            await using var sequence = await BeginAsync(model);
            var run = Record.ExceptionAsync(() => sequence.AppendAsync(prompt, cancelling.Token).AsTask().WaitAsync(Patience));
            await cancelling.CancelAsync();
            var ended = await run;
            Assert.True(ended is null or OperationCanceledException, $"A cancelled call ended with {ended}.");
        }

        AssertSameBits(before.Logits, (await AnswerAsync(model, prompt, 3)).Logits);
    }

    [Fact]
    public async Task A_disposed_backend_says_so()
    {
        var backend = Make();
        var model = await OpenAsync(backend);
        await backend.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await model.BeginAsync(default));
    }

    private static void AssertSameBits(IReadOnlyList<float[]> one, IReadOnlyList<float[]> other) => Assert.Equal(
        one.Select(static logits => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(logits.AsSpan()))),
        other.Select(static logits => Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(logits.AsSpan()))));

    private async Task<ITokenModel> OpenAsync(IInferenceBackend backend)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await backend.OpenTokensAsync(Model, limit.Token) ?? throw new InvalidOperationException($"The backend shows no tokens of {Model}.");
    }

    private async Task<ReadOnlyMemory<int>> EncodeAsync(ITokenModel model)
    {
        var tokens = await model.EncodeAsync(Prompt, default);
        Assert.True(tokens.Length >= 4 && tokens.Length + 16 <= model.Description.ContextLength, $"The prompt has {tokens.Length} tokens.");
        return tokens;
    }

    private async Task<ITokenSequence> BeginAsync(ITokenModel model)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await model.BeginAsync(limit.Token);
    }

    private async Task<ReadOnlyMemory<float>> AppendAsync(ITokenSequence sequence, ReadOnlyMemory<int> tokens)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await sequence.AppendAsync(tokens, limit.Token);
    }

    /// <summary>The likeliest answer, an end token taken as any other, and what the model gave at each place.</summary>
    private async Task<(List<int> Tokens, List<float[]> Logits)> AnswerAsync(ITokenModel model, int[] prompt, int length)
    {
        var (tokens, all) = (new List<int>(), new List<float[]>());
        await using var sequence = await BeginAsync(model);
        ReadOnlyMemory<int> next = prompt;
        for (var place = 0; place < length; place++)
        {
            var logits = (await AppendAsync(sequence, next)).ToArray();
            Assert.Equal(model.Description.VocabularySize, logits.Length);
            Assert.All(logits, static logit => Assert.True(float.IsFinite(logit), $"A logit is {logit}."));
            all.Add(logits);
            tokens.Add(Array.IndexOf(logits, logits.Max()));
            next = new[] { tokens[^1] };
        }

        return (tokens, all);
    }

    private async Task<List<float[]>> ScoreAsync(ITokenModel model, int[] prompt, int[] given)
    {
        using var limit = new CancellationTokenSource(Patience);
        var places = new List<float[]>();
        await foreach (var logits in model.ScoreAsync(prompt, given, limit.Token))
        {
            Assert.Equal(model.Description.VocabularySize, logits.Length);
            places.Add(logits.ToArray());
        }

        return places;
    }
}
