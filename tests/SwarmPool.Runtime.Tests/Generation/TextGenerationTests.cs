using System.Text;
using SwarmPool.Inference;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Runtime.Generation;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Generation;

public sealed class TextGenerationTests
{
    private static readonly Cid Job = Cid.OfBlock("a job"u8);

    [Fact]
    public async Task An_answer_ends_with_the_models_end_and_every_token_is_counted()
    {
        var model = new ScriptedTokens("Two", " and", " two", ".");
        var answer = await AnswerAsync(model, """{"prompt":"1+1="}""");
        Assert.Equal("""{"finish":"stop","ids":[256,257,258,259,260],"text":"Two and two.","usage":{"input_tokens":4,"output_tokens":5}}""", answer.Output);
        Assert.True(CanonicalJson.IsCanonical(Encoding.UTF8.GetBytes(answer.Output)));
        Assert.Equal(["Two", " and", " two", ".", ""], answer.Deltas);
        Assert.Equal(new InferenceUsage { InputTokens = 4, OutputTokens = 5 }, answer.Result.Usage);
        Assert.Equal(model.Description.Class, answer.Result.Class);

        // The prompt whole, then token by token; the end is not asked what comes after it.
        Assert.Equal(["49,43,49,61", "256", "257", "258", "259"], model.Appended.Select(static tokens => string.Join(',', tokens)));
        Assert.Equal(0, model.Open);
    }

    [Fact]
    public async Task It_ends_after_as_many_tokens_as_were_asked_for()
    {
        var answer = await AnswerAsync(new ScriptedTokens("a", "b", "c"), """{"prompt":"x","max_tokens":2}""");
        Assert.Equal("""{"finish":"length","ids":[256,257],"text":"ab","usage":{"input_tokens":1,"output_tokens":2}}""", answer.Output);
    }

    [Theory]
    [InlineData("\"three\"", "one two ", "stop_string", 3)]
    [InlineData("\"e t\"", "on", "stop_string", 2)]
    [InlineData("[\"zero\",\"two \",\"ne t\"]", "o", "stop_string", 2)]
    [InlineData("\"o\"", "", "stop_string", 1)]
    [InlineData("\"four\"", "one two three", "stop", 4)]
    [InlineData("\"e threex\"", "one two three", "stop", 4)]
    public async Task It_ends_before_the_first_stop_string_wherever_that_is_cut(string stop, string text, string finish, int tokens)
    {
        var answer = await AnswerAsync(new ScriptedTokens("one", " two", " three"), $$"""{"prompt":"x","stop":{{stop}}}""");
        Assert.Equal(text, answer.Text);
        Assert.Equal(text, string.Concat(answer.Deltas));
        Assert.Contains($"\"finish\":\"{finish}\"", answer.Output, StringComparison.Ordinal);
        Assert.Equal(tokens, answer.Result.Usage!.OutputTokens);
    }

    [Fact]
    public async Task What_a_stop_string_may_begin_with_is_held_back_until_it_is_known()
    {
        var answer = await AnswerAsync(new ScriptedTokens("ab<", "|e", "nd", "|", "c", "<|end|>", "d"), """{"prompt":"x","stop":"<|end|>"}""");
        Assert.Equal(["ab", "<|end|c", ""], answer.Deltas);
        Assert.Equal("ab<|end|c", answer.Text);
    }

    [Fact]
    public async Task Characters_of_several_tokens_are_shown_whole_and_what_is_no_character_is_marked()
    {
        var answer = await AnswerAsync(new ScriptedTokens().Say([.. "é€😀"u8, 0xC3, 0x28, 0xE2, 0x82]), """{"prompt":"x"}""");
        Assert.Equal("é€😀\uFFFD(\uFFFD", answer.Text);
        Assert.Equal(["é", "€", "😀", "\uFFFD(", "\uFFFD"], answer.Deltas);
    }

    [Fact]
    public async Task Messages_are_the_models_to_write()
    {
        var answer = await AnswerAsync(new ScriptedTokens("k"), """{"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"}],"temperature":"0.5"}""");
        Assert.Equal("system:s;user:u;".Length, answer.Result.Usage!.InputTokens);
        Assert.Equal("k", answer.Text);
    }

    /// <summary>Two backends that give the same logits choose the same tokens, and another job chooses others.</summary>
    [Fact]
    public async Task The_seed_is_the_job()
    {
        var flat = (int _, float[] logits) => new float[logits.Length];
        const string Input = """{"prompt":"x","max_tokens":12,"temperature":1}""";
        var one = await AnswerAsync(new ScriptedTokens("a", "b") { Change = flat }, Input);
        var two = await AnswerAsync(new ScriptedTokens("a", "b") { Change = flat }, Input);
        var other = await AnswerAsync(new ScriptedTokens("a", "b") { Change = flat }, Input, Cid.OfBlock("another job"u8));
        Assert.Equal(one.Output, two.Output);
        Assert.NotEqual(one.Output, other.Output);

        // And anybody can choose them again.
        var sampler = new TokenSampler(Job, new SamplerSettings { Temperature = 1 }, [(int)'x']);
        Assert.Contains($"\"ids\":[{sampler.Choose(new float[259])},", one.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, 4, false)]
    [InlineData(60, 5, true)]
    [InlineData(64, 1, true)]
    [InlineData(200, 1, true)]
    public async Task What_does_not_fit_into_the_context_is_refused_before_anything_is_computed(int prompt, int wanted, bool refused)
    {
        var model = new ScriptedTokens("a");
        var input = $$"""{"prompt":"{{new string('x', prompt)}}","max_tokens":{{wanted}}}""";
        if (refused)
        {
            var why = await Assert.ThrowsAsync<SwarmPoolException>(() => AnswerAsync(model, input));
            Assert.Equal(ErrorCodes.ContextExceeded, why.Code);
            Assert.Contains($"The prompt has {prompt} tokens and {wanted} are asked for (max_tokens); the model's context has 64.", why.Message, StringComparison.Ordinal);
            Assert.Empty(model.Appended);
        }
        else
        {
            await AnswerAsync(model, input);
        }
    }

    [Fact]
    public async Task A_job_that_does_not_say_how_many_tokens_gets_as_many_as_fit()
    {
        var answer = await AnswerAsync(new ScriptedTokens("a") { Change = static (_, logits) => [.. logits[..^1], -1] }, $$"""{"prompt":"{{new string('x', 60)}}"}""");
        Assert.Equal(("length", 4), (answer.Output.Split('"')[3], answer.Result.Usage!.OutputTokens));
    }

    [Fact]
    public async Task An_empty_prompt_is_refused() =>
        Assert.Equal(ErrorCodes.TextInputInvalid, (await Assert.ThrowsAsync<SwarmPoolException>(static () => AnswerAsync(new ScriptedTokens("a"), """{"prompt":""}"""))).Code);

    [Fact]
    public async Task A_model_that_gives_no_numbers_is_refused_and_its_sequence_is_given_back()
    {
        var model = new ScriptedTokens("a", "b", "c") { Change = static (place, logits) => place < 2 ? logits : [.. logits.Take(9), float.NaN, .. logits.Skip(10)] };
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => AnswerAsync(model, """{"prompt":"x"}"""));
        Assert.Equal(ErrorCodes.LogitsUnusable, refused.Code);
        Assert.Contains("position 2 of its answer: its logit of token 9 is NaN", refused.Message, StringComparison.Ordinal);

        model.Change = static (_, logits) => logits[1..];
        refused = await Assert.ThrowsAsync<SwarmPoolException>(() => AnswerAsync(model, """{"prompt":"x"}"""));
        Assert.Equal(ErrorCodes.LogitsUnusable, refused.Code);
        Assert.Equal(0, model.Open);
    }

    [Fact]
    public async Task Cancelling_ends_it_within_a_token()
    {
        using var cancelling = new CancellationTokenSource();
        var model = new ScriptedTokens("a", "b", "c", "d");
        model.During = async (place, token) =>
        {
            if (place == 2)
            {
                await cancelling.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AnswerAsync(model, """{"prompt":"x"}""", cancellationToken: cancelling.Token));
        Assert.Equal((2, 0), (model.Appended.Count, model.Open));
    }

    [Fact]
    public async Task Progress_is_the_part_of_the_tokens_that_were_asked_for()
    {
        var told = new Told();
        await foreach (var _ in TextGeneration.RunAsync(new ScriptedTokens("a", "b", "c", "d"), Job, TextJob.Read("""{"prompt":"x","max_tokens":4}"""u8.ToArray()), told, wantsEvidence: false, default))
        {
        }

        Assert.Equal([25, 50, 75, 100], told.Values);
    }

    [Fact]
    public async Task Who_asks_for_it_gets_the_evidence_of_the_answer()
    {
        var answer = await AnswerAsync(new ScriptedTokens("a", "b"), """{"prompt":"xyz","temperature":1}""", wantsEvidence: true);
        Assert.True(TokenEvidenceCodec.TryDecode(answer.Result.Evidence.Span, out var evidence, out var refusal), refusal?.ToString());
        Assert.Equal(TokenFinish.Stop, evidence.Finish);
        Assert.Equal([120, 121, 122], evidence.PromptIds.ToArray());
        Assert.Equal([256, 257, 258], evidence.OutputIds());
        Assert.Equal(20, evidence.TopCount);
        Assert.All(evidence.Positions, static position =>
        {
            Assert.Equal(position.Chosen, position.Top.Span[0]); // By far the likeliest.
            Assert.Equal((0, 100 * TokenLogProb.Scale), (position.Chosen.LogProb, position.LogSum));
            Assert.Equal(-100 * TokenLogProb.Scale, position.Top.Span[1].LogProb);
        });
        Assert.True((await AnswerAsync(new ScriptedTokens("a", "b"), """{"prompt":"xyz"}""")).Result.Evidence.IsEmpty);
    }

    private static async Task<(InferenceResult Result, string Output, string Text, List<string> Deltas)> AnswerAsync(
        ScriptedTokens model, string input, Cid? job = null, bool wantsEvidence = false, CancellationToken cancellationToken = default)
    {
        var chunks = new List<InferenceChunk>();
        await foreach (var chunk in TextGeneration.RunAsync(model, job ?? Job, TextJob.Read(Encoding.UTF8.GetBytes(input)), null, wantsEvidence, cancellationToken))
        {
            chunks.Add(chunk);
        }

        Assert.All(chunks.SkipLast(1), static chunk => Assert.Null(chunk.Result));
        var result = chunks[^1].Result!;
        var output = Encoding.UTF8.GetString(result.Output.Span);
        using var read = System.Text.Json.JsonDocument.Parse(output);
        return (result, output, read.RootElement.GetProperty("text").GetString()!, [.. chunks.Select(static chunk => Encoding.UTF8.GetString(chunk.Delta.Span))]);
    }

    private sealed class Told : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
