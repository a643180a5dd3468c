using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama.Tests;

public sealed class GenerationTests : IDisposable
{
    private readonly TinyModels models = new TinyModels().Add();

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task A_text_is_its_tokens_and_back()
    {
        await using var backend = Backends.Over(models.Folder);
        var model = await backend.TokensAsync();
        var tokens = await model.EncodeAsync("2+2=4");
        Assert.Equal(GgufWriter.Begin, tokens[0]);
        Assert.EndsWith("2+2=4", model.Text(tokens), StringComparison.Ordinal);
        Assert.Equal([GgufWriter.End], model.Description.EndTokens);
        Assert.Equal((GgufWriter.Vocabulary, GgufWriter.Context), (model.Description.VocabularySize, model.Description.ContextLength));
        Assert.All([GgufWriter.Begin, GgufWriter.End], token => Assert.Equal(0, model.BytesOf(token).Length));
        Assert.Equal(" ", model.Text([3]));
    }

    [Fact]
    public async Task In_a_prompt_nothing_is_a_control_token()
    {
        await using var backend = Backends.Over(models.Folder);
        var model = await backend.TokensAsync();
        Assert.DoesNotContain(GgufWriter.End, await model.EncodeAsync("</s>"));
    }

    /// <summary>llama.cpp throws what no caller can catch when it has no token for a byte; a stranger's text must not end the miner.</summary>
    [Fact]
    public async Task A_character_that_has_no_token_is_refused_and_the_process_lives()
    {
        using var other = new TinyModels().Add(bytes: new GgufWriter { HasBytes = false, Template = TinyModels.ChatTemplate }.Write());
        await using var backend = Backends.Over(other.Folder);
        var model = await backend.TokensAsync();
        foreach (var (text, missing) in new[] { ("a\nb", "U+000A"), ("caf\u00e9", "U+00E9"), ("\ud83d\ude00", "U+1F600") })
        {
            var refused = await Assert.ThrowsAsync<InferenceException>(() => model.EncodeAsync(text));
            Assert.Contains($"no token for {missing}", refused.Message, StringComparison.Ordinal);
        }

        Assert.EndsWith("plain", model.Text(await model.EncodeAsync("plain")), StringComparison.Ordinal);
        Assert.False(model.Description.TakesMessages); // The template has line ends.
        await using var whole = Backends.Over(models.Folder);
        var all = await whole.TokensAsync();
        Assert.EndsWith("caf\u00e9\n\ud83d\ude00", all.Text(await all.EncodeAsync("caf\u00e9\n\ud83d\ude00")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_are_written_by_the_models_template()
    {
        await using var backend = Backends.Over(models.Folder);
        var model = await backend.TokensAsync();
        var tokens = await model.EncodeAsync(TokenPrompt.OfMessages([new PromptMessage("system", "Be short."), new PromptMessage("user", "Hi")]), default);
        Assert.Equal(
            "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
            model.Text(tokens.ToArray()).TrimStart());
    }

    [Fact]
    public async Task A_message_that_spells_a_control_token_is_refused()
    {
        await using var backend = Backends.Over(models.Folder);
        var model = await backend.TokensAsync();
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await model.EncodeAsync(TokenPrompt.OfMessages([new PromptMessage("user", "a</s>b")]), default));
        Assert.Contains("spells one of the model's control tokens", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{{ messages | some_filter }}")]
    public async Task A_model_without_a_template_that_is_known_takes_no_messages(string? template)
    {
        using var other = new TinyModels().Add(bytes: new GgufWriter { Template = template }.Write());
        await using var backend = Backends.Over(other.Folder);
        var model = await backend.TokensAsync();
        Assert.False(model.Description.TakesMessages);
        var refused = await Assert.ThrowsAsync<InferenceException>(async () => await model.EncodeAsync(TokenPrompt.OfMessages([new PromptMessage("user", "Hi")]), default));
        Assert.Contains("Send a prompt", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>What two prompts have in common is computed once; that changes no bit.</summary>
    [Fact]
    public async Task A_prompt_whose_beginning_is_there_gives_the_same_bits()
    {
        await using var backend = Backends.Over(models.Folder, static options => options.MaxSequences = 1);
        await using var fresh = Backends.Over(models.Folder, static options => options.MaxSequences = 1);
        var (model, other) = (await backend.TokensAsync(), await fresh.TokensAsync());
        var common = await model.EncodeAsync("A system prompt that is the same for all who ask, and rather long.");
        foreach (var end in new[] { "", "a", "What?", "And this is a longer question that needs more than one block." })
        {
            int[] prompt = [.. common, .. (await model.EncodeAsync(end)).Skip(1)];
            var (again, anew) = (await model.AfterAsync(prompt), await FreshAsync(prompt));
            Assert.Equal(Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(anew.AsSpan())), Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(again.AsSpan())));
        }

        async Task<float[]> FreshAsync(int[] prompt)
        {
            await other.AfterAsync(90); // Nothing of the prompt is left in the only context.
            return await other.AfterAsync(prompt);
        }
    }

    [Fact]
    public async Task More_sequences_than_may_be_under_way_wait()
    {
        await using var backend = Backends.Over(models.Folder, static options => options.MaxSequences = 2);
        var model = await backend.TokensAsync();
        var one = await model.BeginAsync(default);
        await using var two = await model.BeginAsync(default);
        var three = model.BeginAsync(default).AsTask();
        using (var given = new CancellationTokenSource())
        {
            var four = model.BeginAsync(given.Token).AsTask();
            Assert.False(three.IsCompleted);
            await given.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => four);
        }

        await one.DisposeAsync();
        await (await three).DisposeAsync();
    }

    /// <summary>A computation that llama.cpp is in the middle of ends; what is left behind harms nobody.</summary>
    [Fact]
    public async Task Cancelling_ends_a_computation_that_is_under_way()
    {
        await using var backend = Backends.Over(models.Folder, static options => (options.MaxSequences, options.BlockTokens) = (1, 256));
        var model = await backend.TokensAsync();
        int[] prompt = [.. Enumerable.Range(0, 250).Select(static i => 3 + (i * 7 % 90))];
        var before = await model.AfterAsync(prompt);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        for (var (cancelled, runs) = (0, 0); cancelled < 3; runs++)
        {
            Assert.False(patience.IsCancellationRequested, $"Of {runs} computations {cancelled} ended early.");
            using var cancelling = new CancellationTokenSource();
            await using var sequence = await model.BeginAsync(default);
            prompt[0] = 4 + (runs % 80);

            // By then it computes, or is about to.
            var run = sequence.AppendAsync(prompt, cancelling.Token).AsTask();
            cancelling.Cancel();
            var ended = await Record.ExceptionAsync(() => run);
            Assert.True(ended is null or OperationCanceledException, $"It ended with {ended}.");
            cancelled += ended is null ? 0 : 1;
        }

        prompt[0] = 3;
        Assert.Equal(before, await model.AfterAsync(prompt));
    }

    [Fact]
    public async Task Weights_that_are_no_numbers_give_logits_that_are_none_and_no_fault()
    {
        foreach (var wrong in new[] { float.NaN, float.PositiveInfinity })
        {
            using var broken = new TinyModels().Add(bytes: new GgufWriter { Change = (name, values) => values[5] = name == "blk.1.ffn_down.weight" ? wrong : values[5] }.Write());
            await using var backend = Backends.Over(broken.Folder);
            var logits = await (await backend.TokensAsync()).AfterAsync(1, 40, 50);
            Assert.Contains(logits, static logit => !float.IsFinite(logit));
        }
    }

    [Fact]
    public async Task A_disposed_backend_ends_what_is_under_way()
    {
        var backend = Backends.Over(models.Folder);
        var model = await backend.TokensAsync();
        var sequence = await model.BeginAsync(default);
        await sequence.AppendAsync(new[] { 1, 40 }, default);
        await backend.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await sequence.AppendAsync(new[] { 41 }, default));
        await sequence.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await model.BeginAsync(default));
    }

    [Fact]
    public async Task The_library_talks_to_the_logger_and_the_class_names_its_build()
    {
        var builder = new TestBuilder(models.Folder);
        await using var backend = Backends.Over(builder, models.Folder);
        await backend.LoadAsync(TinyModels.Name, default);
        Assert.Contains(builder.Logs.Lines, static line => line.StartsWith("llama.cpp: ", StringComparison.Ordinal));
        Assert.Contains(builder.Logs.Lines, static line => line.StartsWith("Model tiny (sha256 ", StringComparison.Ordinal));
        var model = Assert.Single((await backend.DescribeAsync(default)).Models);
        Assert.True(model.IsWarm);
        Assert.Equal(256, model.ContextLength);
        Assert.Matches("^llama.cpp/LLamaSharp-0\\.30\\.0 [a-z0-9 ]+ threads=1 block=16$", model.Class!.Runtime);
        Assert.Equal(("cpu", "fp32"), (model.Class.Device, model.Class.Precision));
    }
}
