using System.Security.Cryptography;
using System.Text.Json;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Tests;

public sealed class SpeechTests
{
    private static readonly string Model = Path.Combine(Places.SharedModels, "silero_vad.onnx");

    [Fact]
    public async Task SpeechIsFoundInARecording()
    {
        using var models = Silero();
        await using var backend = Backends.Over(models.Folder);
        var progress = new Percentages();
        var result = await RunAsync(backend, progress, default);
        using var answer = JsonDocument.Parse(result.Output);
        var duration = answer.RootElement.GetProperty("duration_ms").GetInt64();
        var speech = answer.RootElement.GetProperty("speech_ms").GetInt64();
        Assert.InRange(duration, 59_900, 60_100);
        Assert.InRange(speech, 15_000, 58_000); // Somebody speaks for a minute, with pauses.

        long end = -1;
        foreach (var segment in answer.RootElement.GetProperty("segments").EnumerateArray())
        {
            Assert.True(segment.GetProperty("start_ms").GetInt64() - end >= 100 || end == -1, result.Text());
            Assert.True(segment.GetProperty("end_ms").GetInt64() - segment.GetProperty("start_ms").GetInt64() >= 250, result.Text());
            end = segment.GetProperty("end_ms").GetInt64();
        }

        Assert.InRange(answer.RootElement.GetProperty("segments").GetArrayLength(), 3, 60);
        Assert.Equal(Enumerable.Range(0, 101), progress.Seen.Prepend(0).Distinct());
    }

    [Fact]
    public async Task SilenceHasNoSpeech()
    {
        using var models = Silero();
        await using var backend = Backends.Over(models.Folder);
        var wav = File.ReadAllBytes(Path.Combine(Places.SharedModels, "speech-60s.wav"));
        wav.AsSpan(44).Clear();
        var result = await backend.RunAsync(new InferenceRequest("silero-vad", "speech-segments", wav), null, default);
        Assert.Equal("""{"duration_ms":60000,"segments":[],"speech_ms":0}""", result.Text());
    }

    [Fact]
    public async Task RunCancelledMidwayEndsWithinASecond()
    {
        using var models = Silero();
        await using var backend = Backends.Over(models.Folder);
        using var cancelling = new CancellationTokenSource();
        var progress = new Percentages { At = percent => { if (percent == 5) { cancelling.Cancel(); } } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await RunAsync(backend, progress, cancelling.Token));
        Assert.Equal(5, progress.Seen[^1]);
        await RunAsync(backend, new Percentages(), default);
    }

    [Fact]
    public async Task AnotherSampleRateIsRefused()
    {
        using var models = Silero();
        await using var backend = Backends.Over(models.Folder);
        var wav = File.ReadAllBytes(Path.Combine(Places.SharedModels, "speech-60s.wav"));
        wav[24] = 1;
        var refused = await Assert.ThrowsAsync<InferenceException>(async () =>
            await backend.RunAsync(new InferenceRequest("silero-vad", "speech-segments", wav), null, default));
        Assert.Contains("16000 samples a second", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<InferenceResult> RunAsync(IInferenceBackend backend, IProgress<int> progress, CancellationToken token) =>
        await backend.RunAsync(
            new InferenceRequest("silero-vad", "speech-segments", File.ReadAllBytes(Path.Combine(Places.SharedModels, "speech-60s.wav"))), progress, token);

    private static TempModels Silero()
    {
        Assert.SkipUnless(File.Exists(Model), $"{Model} is not there: the speech model is not part of this repository.");
        var models = new TempModels();
        var folder = Directory.CreateDirectory(Path.Combine(models.Folder, "silero-vad")).FullName;
        File.Copy(Model, Path.Combine(folder, "silero_vad.onnx"));
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Model)));
        File.WriteAllText(Path.Combine(folder, "model.json"), ReadmeExample().Replace("SHA256-OF-THE-FILE", sha256, StringComparison.Ordinal));
        return models;
    }

    /// <summary>The example in the plugin's README: what it shows is what works.</summary>
    private static string ReadmeExample()
    {
        var readme = File.ReadAllText(Path.Combine(Places.Root, "plugins", "SwarmPool.Plugins.Onnx", "README.md"));
        return readme.Split("```json").Skip(1).Select(part => part.Split("```")[0]).Single(json => json.Contains("silero_vad.onnx", StringComparison.Ordinal));
    }

    private sealed class Percentages : IProgress<int>
    {
        public List<int> Seen { get; } = [];

        public Action<int>? At { get; init; }

        public void Report(int value)
        {
            Seen.Add(value);
            At?.Invoke(value);
        }
    }
}
