using System.Text.Json;
using SwarmPool.Inference;
using SwarmPool.Tools.Digits.Glyphs;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class DigitsTests
{
    [Fact]
    public async Task TwentyPicturesAreAllReadRightly()
    {
        await using var backend = Backends.Over(Places.Models);
        for (var seed = 1; seed <= 20; seed++)
        {
            var result = await backend.RunDigitsAsync(DigitPictures.Png(seed % 10, seed));
            using var answer = JsonDocument.Parse(result.Output);
            Assert.Equal($"{seed % 10}", answer.RootElement.GetProperty("label").GetString());
            Assert.Equal(result.Confidence, answer.RootElement.GetProperty("confidence").GetString());
            Assert.Equal(10, answer.RootElement.GetProperty("scores").EnumerateObject().Count());
        }
    }

    [Fact]
    public async Task AnswerIsCanonicalAndNamesItsArithmetic()
    {
        await using var backend = Backends.Over(Places.Models);
        var result = await backend.RunDigitsAsync(DigitPictures.Png(7, 3));
        var described = (await backend.DescribeAsync(default)).Models.Single(model => model.Name == Backends.Digits);

        Assert.Matches("""^\{"confidence":"[01]\.\d{4}","label":"7","scores":\{"0":"[01]\.\d{4}",("\d":"[01]\.\d{4}",?){9}\}\}$""", result.Text());
        Assert.Equal(new NumericClass(described.Sha256, "onnxruntime/1.31.1", "cpu", "fp32"), result.Class);
        Assert.Equal([Backends.Classification], described.JobTypes);
    }

    [Fact]
    public async Task FourAtOnceGiveTheSameBytesAsOneAfterAnother()
    {
        await using var backend = Backends.Over(Places.Models, options => options.MaxParallel = 4);
        var pictures = Enumerable.Range(0, 40).Select(i => DigitPictures.Png(i % 10, 500 + i)).ToList();
        var alone = new List<string>();
        foreach (var picture in pictures)
        {
            alone.Add((await backend.RunDigitsAsync(picture)).Text());
        }

        var together = new string[pictures.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, pictures.Count),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (i, token) => together[i] = (await backend.RunDigitsAsync(pictures[i], token)).Text());
        Assert.Equal(alone, together);
    }

    [Fact]
    public async Task CancelledRunEndsAndLeavesTheBackendUsable()
    {
        await using var backend = Backends.Over(Places.Models, options => options.MaxParallel = 1);
        var picture = DigitPictures.Png(4, 4);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await backend.RunDigitsAsync(picture, new CancellationToken(canceled: true)));
        Assert.Contains("\"label\":\"4\"", (await backend.RunDigitsAsync(picture)).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunUnderWayIsEndedByOnnxRuntimeItself()
    {
        await using var backend = Backends.Over(Places.Models);
        using var cancelling = new CancellationTokenSource();
        var request = new InferenceRequest(Backends.Digits, Backends.Classification, DigitPictures.Png(4, 4));

        // The beginning is told right before ONNX Runtime is called, so only its own terminate flag can end this run.
        var ended = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await backend.RunAsync(request, new AtStart(cancelling.Cancel), cancelling.Token));
        Assert.Equal(cancelling.Token, ended.CancellationToken);
        await backend.RunAsync(request, null, default);
    }

    [Fact]
    public async Task RunWaitsForItsPlaceAndItsWaitCanBeCancelled()
    {
        await using var backend = Backends.Over(Places.Models, options => options.MaxParallel = 1);
        var request = new InferenceRequest(Backends.Digits, Backends.Classification, DigitPictures.Png(4, 4));
        using var inside = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        var first = backend.RunAsync(request, new AtStart(() => { inside.Release(); goOn.Wait(); }), default).AsTask();
        await inside.WaitAsync();

        using var cancelling = new CancellationTokenSource();
        var second = backend.RunAsync(request, new AtStart(() => Assert.Fail("Two runs in one place.")), cancelling.Token).AsTask();
        cancelling.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        goOn.Release();
        await first;
    }

    [Fact]
    public async Task UnknownModelAndJobTypeAreRefusedWithWhatThereIs()
    {
        await using var backend = Backends.Over(Places.Models);
        var model = await Assert.ThrowsAsync<InferenceException>(async () => await backend.LoadAsync("llama", default));
        var type = await Assert.ThrowsAsync<InferenceException>(async () =>
            await backend.RunAsync(new InferenceRequest(Backends.Digits, "speech", new byte[1]), null, default));
        Assert.Contains("\"llama\"", model.Message, StringComparison.Ordinal);
        Assert.Contains(Backends.Digits, model.Message, StringComparison.Ordinal);
        Assert.Contains(Backends.Classification, type.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposedBackendSaysSo()
    {
        var backend = Backends.Over(Places.Models);
        await backend.LoadAsync(Backends.Digits, default);
        await backend.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await backend.RunDigitsAsync(DigitPictures.Png(1, 1)));
    }

    private sealed class AtStart(Action action) : IProgress<int>
    {
        public void Report(int value)
        {
            if (value == 0)
            {
                action();
            }
        }
    }
}
