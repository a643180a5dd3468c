using System.Globalization;
using System.Security.Cryptography;
using SwarmPool.Inference;

namespace SwarmPool.Testing.Inference;

/// <summary>
/// The contract of <see cref="IInferenceBackend"/> as tests: describes what it has, runs one input in many callers' hands to the same
/// bytes, refuses with <see cref="InferenceException"/> and nothing else, ends when cancelled, and stays usable.
/// </summary>
/// <remarks>Inherit it in a public class and override <see cref="Make"/> and <see cref="Sample"/>.</remarks>
public abstract class BackendSuite
{
    /// <summary>How long a test waits for a run. It bounds failure only; default two minutes.</summary>
    protected virtual TimeSpan Patience => TimeSpan.FromMinutes(2);

    /// <summary>How many runs are under way at once, default 4; the backend is made for as many.</summary>
    protected virtual int Parallel => 4;

    /// <summary>Whether the same input gives the same bytes, default true. Where it does not, only the form is compared.</summary>
    protected virtual bool IsExact => true;

    /// <summary>A model that the backend has, with an input that it takes.</summary>
    protected abstract InferenceRequest Sample { get; }

    /// <summary>Makes a backend that has the sample's model.</summary>
    protected abstract IInferenceBackend Make();

    [Fact]
    public async Task The_description_names_models_and_devices()
    {
        await using var backend = Make();
        var described = await backend.DescribeAsync(default);
        Assert.NotEmpty(described.Devices);
        Assert.All(described.Devices, device => Assert.NotEqual("", device.Kind));
        Assert.Equal(described.Models.Count, described.Models.Select(model => model.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(described.Models, model =>
        {
            Assert.Matches("^[0-9a-f]{64}$", model.Sha256);
            Assert.NotEmpty(model.JobTypes);
            Assert.Matches("^[a-zA-Z0-9._/:-]{1,128}$", model.Name);
        });
        Assert.Contains(Sample.JobType, Assert.Single(described.Models, model => model.Name == Sample.Model).JobTypes);
    }

    [Fact]
    public async Task A_run_gives_an_output_and_says_what_made_it()
    {
        await using var backend = Make();
        await backend.LoadAsync(Sample.Model, default);
        await backend.LoadAsync(Sample.Model, default);
        var result = await RunAsync(backend);
        var model = (await backend.DescribeAsync(default)).Models.Single(one => one.Name == Sample.Model);
        Assert.Equal(model.Sha256, result.Class.ModelSha256);
        Assert.All(new[] { result.Class.Runtime, result.Class.Device, result.Class.Precision }, text => Assert.NotEqual("", text));
        Assert.True(
            result.Confidence is null || decimal.TryParse(result.Confidence, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _),
            $"The confidence '{result.Confidence}' is not a decimal.");
    }

    [Fact]
    public async Task What_the_description_says_of_a_model_holds_for_its_runs()
    {
        await using var backend = Make();
        await backend.LoadAsync(Sample.Model, default);
        var result = await RunAsync(backend);
        var described = await backend.DescribeAsync(default);
        var model = described.Models.Single(one => one.Name == Sample.Model);
        Assert.Equal(model.Class ?? result.Class, result.Class);
        Assert.All(described.Models, one =>
        {
            Assert.True(one.MemoryBytes >= 0, $"{one.Name} takes {one.MemoryBytes} bytes.");
            Assert.True(one.ContextLength >= 0, $"{one.Name} has a context of {one.ContextLength} tokens.");
            Assert.Equal(one.Sha256, one.Class?.ModelSha256 ?? one.Sha256);
        });
        if (result.Usage is { } usage)
        {
            Assert.All([usage.InputTokens, usage.OutputTokens, usage.Milliseconds, usage.Pictures], count => Assert.True(count >= 0, $"It counted {count}."));
        }
    }

    [Fact]
    public async Task The_chunks_of_a_run_end_with_its_result_and_with_nothing_else()
    {
        await using var backend = Make();
        var alone = await RunAsync(backend);
        using var limit = new CancellationTokenSource(Patience);
        var chunks = new List<InferenceChunk>();
        await foreach (var chunk in backend.StreamAsync(Sample, null, limit.Token))
        {
            chunks.Add(chunk);
        }

        Assert.NotEmpty(chunks);
        Assert.All(chunks.SkipLast(1), static chunk => Assert.Null(chunk.Result));
        var result = Assert.IsType<InferenceResult>(chunks[^1].Result);
        Assert.Equal(alone.Class, result.Class);
        Assert.True(!IsExact || alone.Output.Span.SequenceEqual(result.Output.Span), "The outputs of RunAsync and of StreamAsync differ.");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in backend.StreamAsync(Sample, null, new CancellationToken(canceled: true)))
            {
            }
        });
    }

    [Fact]
    public async Task A_model_that_was_unloaded_runs_as_before()
    {
        await using var backend = Make();
        var before = await RunAsync(backend);
        if (!backend.CanUnload)
        {
            Assert.False(await backend.UnloadAsync(Sample.Model, default), "It says that it can't unload, and that it did.");
        }
        else
        {
            Assert.True(await backend.UnloadAsync(Sample.Model, default), "It keeps a model that nobody uses.");
            Assert.False((await backend.DescribeAsync(default)).Models.Single(one => one.Name == Sample.Model).IsWarm, "It says that what it unloaded is warm.");
            Assert.True(await backend.UnloadAsync(Sample.Model, default), "What is not loaded can't be unloaded.");
            await Assert.ThrowsAsync<InferenceException>(async () => await backend.UnloadAsync("no-such-model", default));
        }

        var after = await RunAsync(backend);
        Assert.Equal(before.Class, after.Class);
        Assert.True(!IsExact || before.Output.Span.SequenceEqual(after.Output.Span), "The outputs differ.");
    }

    [Fact]
    public async Task Many_runs_at_once_give_what_one_alone_gives()
    {
        await using var backend = Make();
        var alone = await RunAsync(backend);
        var together = await Task.WhenAll(Enumerable.Range(0, Parallel * 4).Select(_ => RunAsync(backend)));
        Assert.All(together, result => Assert.Equal(alone.Class, result.Class));
        if (IsExact)
        {
            Assert.All(together, result => Assert.Equal(Convert.ToHexString(alone.Output.Span), Convert.ToHexString(result.Output.Span)));
        }
    }

    [Fact]
    public async Task Two_backends_of_one_class_give_the_same_bytes()
    {
        await using var one = Make();
        await using var two = Make();
        var (first, second) = (await RunAsync(one), await RunAsync(two));
        Assert.Equal(first.Class, second.Class);
        Assert.True(!IsExact || first.Output.Span.SequenceEqual(second.Output.Span), "The outputs differ.");
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_refused_by_name()
    {
        await using var backend = Make();
        var loading = await Assert.ThrowsAsync<InferenceException>(async () => await backend.LoadAsync("no-such-model", default));
        var running = await Assert.ThrowsAsync<InferenceException>(async () => await backend.RunAsync(Sample with { Model = "no-such-model" }, null, default));
        Assert.Contains("no-such-model", loading.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-model", running.Message, StringComparison.Ordinal);
    }

    /// <summary>An input comes from a stranger: it is run, or refused as <see cref="InferenceException"/>; the backend goes on.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public async Task A_strangers_bytes_are_run_or_refused(int bytes)
    {
        await using var backend = Make();
        foreach (var input in new[] { RandomNumberGenerator.GetBytes(bytes), new byte[bytes] })
        {
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                await backend.RunAsync(Sample with { Input = input }, null, limit.Token);
            }
            catch (InferenceException refusal)
            {
                Assert.NotEqual("", refusal.Message);
            }
        }

        await RunAsync(backend);
    }

    [Fact]
    public async Task Progress_is_from_0_to_100()
    {
        await using var backend = Make();
        var told = new Told(_ => { });
        using var limit = new CancellationTokenSource(Patience);
        await backend.RunAsync(Sample, told, limit.Token);
        Assert.All(told.Values, value => Assert.InRange(value, 0, 100));
    }

    [Fact]
    public async Task A_cancelled_run_ends_and_leaves_the_backend_usable()
    {
        await using var backend = Make();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await backend.RunAsync(Sample, null, new CancellationToken(canceled: true)));
        for (var i = 0; i < 5; i++)
        {
            using var cancelling = new CancellationTokenSource();
            var run = Record.ExceptionAsync(() => backend.RunAsync(Sample, new Told(_ => cancelling.Cancel()), cancelling.Token).AsTask().WaitAsync(Patience));
            await cancelling.CancelAsync();
            var ended = await run;
            Assert.True(ended is null or OperationCanceledException, $"A cancelled run ended with {ended}.");
        }

        await RunAsync(backend);
    }

    [Fact]
    public async Task A_disposed_backend_says_so()
    {
        var backend = Make();
        await RunAsync(backend);
        await backend.DisposeAsync();
        await backend.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await backend.RunAsync(Sample, null, default));
    }

    private async Task<InferenceResult> RunAsync(IInferenceBackend backend)
    {
        using var limit = new CancellationTokenSource(Patience);
        var result = await backend.RunAsync(Sample, null, limit.Token);
        Assert.NotEqual(0, result.Output.Length);
        return result;
    }

    /// <summary>Told on the backend's own thread, so that what it does happens before the backend goes on.</summary>
    private sealed class Told(Action<int> at) : IProgress<int>
    {
        private readonly Lock gate = new();
        private readonly List<int> values = [];

        public IReadOnlyList<int> Values
        {
            get
            {
                lock (gate)
                {
                    return [.. values];
                }
            }
        }

        public void Report(int value)
        {
            lock (gate)
            {
                values.Add(value);
            }

            at(value);
        }
    }
}
