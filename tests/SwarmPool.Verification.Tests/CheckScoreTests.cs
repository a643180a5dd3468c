using System.Globalization;
using System.Text;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Checks;
using SwarmPool.Inference;
using SwarmPool.Plugins.Llama.Tests;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Sampling;
using SwarmPool.Runtime.Generation;
using SwarmPool.Runtime.Verification;
using SwarmPool.Transport;

namespace SwarmPool.Verification.Tests;

/// <summary>One pass over an answer tells the model that wrote it from another: by answers of a real backend, over numbers of threads and widths of blocks, and over two precisions.</summary>
public sealed class CheckScoreTests(ITestOutputHelper output)
{
    private static string Sums { get; } = Path.Combine(Backends.Root(), "language-models");

    /// <summary>The project's own model, which answers in a few tokens: none fails by itself, and a test over several tells.</summary>
    [Fact]
    public async Task Sums_by_4_bits_a_weight_are_told_from_those_by_16()
    {
        using var models = new TinyModels().Add("sums", File.ReadAllBytes(Path.Combine(Sums, "sums", "sums-q4.gguf")));
        await using var precise = Backends.Over(Sums);
        await using var wide = Backends.Over(Sums, static options => (options.Threads, options.BlockTokens) = (2, 64));
        await using var coarse = Backends.Over(models.Folder);
        var (checker, other, cheat) = (await precise.TokensAsync("sums"), await wide.TokensAsync("sums"), await coarse.TokensAsync("sums"));
        var jobs = Enumerable.Range(0, 120).Select(static i => Job(string.Create(CultureInfo.InvariantCulture, $$"""{"prompt":"{{(i * 37) % 100}}+{{(i * 61) % 100}}=","max_tokens":8,"temperature":"1"}"""))).ToList();
        await CompareAsync(jobs, checker, other, cheat, leastTold: 0.9);
    }

    /// <summary>A model of chance, whose answers are long: one that was rounded to 4 bits a weight.</summary>
    [Fact]
    public async Task Long_answers_by_rounded_weights_are_told_each_by_itself()
    {
        using var whole = new TinyModels().Add();
        using var rounded = new TinyModels().Add(bytes: new GgufWriter { Template = TinyModels.ChatTemplate, Change = static (name, weights) => Round(name, weights) }.Write());
        await using var precise = Backends.Over(whole.Folder);
        await using var wide = Backends.Over(whole.Folder, static options => (options.Threads, options.BlockTokens) = (2, 64));
        await using var coarse = Backends.Over(rounded.Folder);
        var (checker, other, cheat) = (await precise.TokensAsync(), await wide.TokensAsync(), await coarse.TokensAsync());
        var jobs = Enumerable.Range(0, 24).Select(static i => Job($$"""{"prompt":"text {{i}}","max_tokens":64,"temperature":"0.8"}""")).ToList();
        await CompareAsync(jobs, checker, other, cheat, leastTold: 1);
    }

    /// <summary>Whoever says that its text is another than its tokens make has the worst scores there are.</summary>
    [Fact]
    public async Task An_answer_that_is_not_the_models_tokens_has_the_worst_scores()
    {
        await using var backend = Backends.Over(Sums);
        var model = await backend.TokensAsync("sums");
        var (cid, text) = Job("""{"prompt":"12+34=","max_tokens":8}""");
        var (evidence, answer) = await AnswerAsync(model, cid, text);
        Assert.Null((await CheckScorer.ScoreAsync(cid, text, evidence, answer, model, default)).Detail);
        var scores = await CheckScorer.ScoreAsync(cid, text, evidence, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(answer.Span).Replace("46", "47", StringComparison.Ordinal)), model, default);
        Assert.Equal((0, ScoreSums.WorstMicro, "the text is another than its tokens make"), (scores.ExactWins, scores.MarginMicro, scores.Detail));
        var other = await CheckScorer.ScoreAsync(cid, text with { Prompt = TokenPrompt.OfText("12+35=") }, evidence, answer, model, default);
        Assert.Equal((0, ScoreSums.WorstMicro, "the prompt's tokens are others than the job's"), (other.ExactWins, other.TopDistanceMicro, other.Detail));
    }

    /// <summary>Limits from honest answers of another class; so few may only warn, and an answer by other weights is beyond them.</summary>
    [Fact]
    public async Task A_calibration_runs_honest_answers_of_one_class_past_another()
    {
        using var models = new TinyModels().Add("sums", File.ReadAllBytes(Path.Combine(Sums, "sums", "sums-q4.gguf")));
        await using var precise = Backends.Over(Sums);
        await using var wide = Backends.Over(Sums, static options => (options.Threads, options.BlockTokens) = (2, 64));
        await using var coarse = Backends.Over(models.Folder);
        var (checker, executor, cheat) = (await precise.TokensAsync("sums"), await wide.TokensAsync("sums"), await coarse.TokensAsync("sums"));
        ReadOnlyMemory<byte>[] inputs = [Input("12+34="), Input("7+88=")];
        var told = new Told();
        var calibration = (await CalibrationRun.RunAsync(executor, checker, inputs, 40, told, default)).Calibrate("sums", executor.Description.Class, checker.Description.Class);
        Assert.Equal((40, 40, null), (told.Last, calibration.Answers, calibration.Fail));
        var (cid, job) = Job("""{"prompt":"51+26=","max_tokens":8,"temperature":"1"}""");
        var (evidence, answer) = await AnswerAsync(cheat, cid, job);
        Assert.True((await CheckScorer.ScoreAsync(cid, job, evidence, answer, checker, default)).TopDistanceMicro > calibration.Warn.TopDistanceMicro);
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => CalibrationRun.RunAsync(cheat, checker, inputs, 1, null, default));
        Assert.Equal(ErrorCodes.CalibrationImpossible, refused.Code);

        static ReadOnlyMemory<byte> Input(string prompt) => Encoding.UTF8.GetBytes($$"""{"prompt":"{{prompt}}","max_tokens":8,"temperature":"1"}""");
    }

    private sealed class Told : IProgress<int>
    {
        public int Last { get; private set; }

        public void Report(int value) => Last = value;
    }

    // Limits from the honest answers of two classes, at their worst; then who is beyond them.
    private async Task CompareAsync(List<(Cid Cid, TextJob Job)> jobs, ITokenModel checker, ITokenModel other, ITokenModel cheat, double leastTold)
    {
        var (own, wide, wrong) = (await ScoresAsync(jobs, checker, checker), await ScoresAsync(jobs, other, checker), await ScoresAsync(jobs, cheat, checker));
        var honest = own.Concat(wide).ToList();
        var (margin, distance, inexact) = (honest.Max(static one => one.MarginMicro), honest.Max(static one => one.TopDistanceMicro), honest.Min(static one => one.ExactPpm));
        var told = wrong.ConvertAll(one => one.MarginMicro > margin || one.TopDistanceMicro > distance || one.ExactPpm < inexact);
        var test = new SequentialTest(new CheckSettings());
        var (stands, checks) = (0L, 0);
        while (!test.Flags(stands) && checks < told.Count)
        {
            stands = test.Add(stands, told[checks++]);
        }

        foreach (var (name, scores) in new[] { ("same class", own), ("2 threads, blocks of 64", wide), ("4 bits a weight", wrong) })
        {
            output.WriteLine($"{name}: {scores.Average(static one => one.Positions):F1} tokens, exact {scores.Sum(static one => one.ExactWins)} of {scores.Sum(static one => one.Positions)}, margin mean {scores.Average(static one => one.MarginMicro):F0} max {scores.Max(static one => one.MarginMicro)}, distance min {scores.Min(static one => one.TopDistanceMicro)} mean {scores.Average(static one => one.TopDistanceMicro):F0} max {scores.Max(static one => one.TopDistanceMicro)}");
        }

        output.WriteLine($"{told.Count(static one => one)} of {told.Count} told, by the margin alone {wrong.Count(one => one.MarginMicro > margin)}, by exact wins alone {wrong.Count(one => one.ExactPpm < inexact)}; flagged after {checks} checks");
        Assert.True(told.Count(static one => one) >= leastTold * told.Count, $"{told.Count(static one => one)} of {told.Count} told.");
        Assert.True(test.Flags(stands) && checks <= 12, $"Flagged after {checks} checks, {stands}.");
        Assert.All(honest, one => Assert.False(one.MarginMicro > margin || one.TopDistanceMicro > distance));
        Assert.True(honest.Max(static one => one.TopDistanceMicro) * 5 < wrong.Average(static one => one.TopDistanceMicro));
    }

    private static async Task<List<CheckScores>> ScoresAsync(List<(Cid Cid, TextJob Job)> jobs, ITokenModel executor, ITokenModel checker)
    {
        var scores = new List<CheckScores>();
        foreach (var (cid, job) in jobs)
        {
            var (evidence, answer) = await AnswerAsync(executor, cid, job);
            Assert.Null(TokenForm.Problem(cid, job, evidence, answer, default)); // A cheat's evidence is well-formed too.
            scores.Add(await CheckScorer.ScoreAsync(cid, job, evidence, answer, checker, default));
        }

        return scores;
    }

    private static async Task<(TokenEvidence Evidence, ReadOnlyMemory<byte> Output)> AnswerAsync(ITokenModel model, Cid cid, TextJob job)
    {
        var prompt = await model.EncodeAsync(job.Prompt, default);
        var (sampler, builder, written) = (new TokenSampler(cid, job.Sampling, prompt.Span), new TokenEvidenceBuilder(prompt, model.Description.VocabularySize), new AnswerBytes(job.Stop));
        await using var sequence = await model.BeginAsync(default);
        var (finish, next, count) = (TokenFinish.Length, prompt, 0);
        while (finish == TokenFinish.Length && count++ < job.MaxTokens)
        {
            var logits = await sequence.AppendAsync(next, default);
            var token = sampler.Choose(logits.Span);
            sampler.Accept(token);
            builder.Add(logits.Span, token);
            next = new[] { token };
            finish = model.Description.EndTokens.Contains(token) ? TokenFinish.Stop : written.Add(model.BytesOf(token).Span) ? TokenFinish.StopString : TokenFinish.Length;
        }

        var evidence = builder.Build(finish);
        return (evidence, TextAnswer.Write(finish, evidence.OutputIds(), written.Text, new InferenceUsage { InputTokens = prompt.Length, OutputTokens = evidence.Positions.Count }));
    }

    // Blocks of 32 numbers of 4 bits and a scale, as ggml's Q4_0.
    private static void Round(string name, float[] weights)
    {
        for (var at = 0; at < weights.Length && !name.Contains("norm", StringComparison.Ordinal); at += 32)
        {
            var block = weights.AsSpan(at, Math.Min(32, weights.Length - at));
            var scale = block.ToArray().MaxBy(MathF.Abs) / -8;
            for (var i = 0; i < block.Length && scale != 0; i++)
            {
                block[i] = scale * (Math.Clamp((int)MathF.Floor((block[i] / scale) + 8.5f), 0, 15) - 8);
            }
        }
    }

    private static (Cid Cid, TextJob Job) Job(string input) => (Cid.OfBlock(Encoding.UTF8.GetBytes(input)), TextJob.Read(Encoding.UTF8.GetBytes(input)));
}
