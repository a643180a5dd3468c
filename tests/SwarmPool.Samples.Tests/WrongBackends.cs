using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.EndToEnd.Tests;
using SwarmPool.Inference;
using SwarmPool.Runtime.Backends;

namespace SwarmPool.Samples.Tests;

/// <summary>The test plugin's backend in processes of their own, which the miner's program makes.</summary>
internal sealed class WrongBackends : IDisposable
{
    public const string Plugin = "TestPlugins.WrongBackend";
    public const string Mended = "mended";
    public const string Wrong = "wrong";

    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-backend-").FullName;

    public WrongBackends() => Directory.CreateSymbolicLink(Path.Combine(folder, Plugin), SamplePool.Built(Plugin));

    public static BackendProgram Program { get; } = new("dotnet", [RunningProgram.FileOf("SwarmPool.Miner", "swarm-miner"), BackendProgram.Argument]);

    /// <param name="limits">What its process may take; null for the usual.</param>
    /// <param name="loggers">Told.</param>
    /// <param name="program">Makes the process.</param>
    /// <param name="section">What the plugin's section says.</param>
    public ProcessBackend Make(BackendLimits? limits = null, ILoggerFactory? loggers = null, BackendProgram? program = null, params (string Key, string Value)[] section)
    {
        var configuration = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["plugins:folder"] = folder, [$"plugins:use:{Plugin}"] = "" };
        foreach (var (key, value) in section)
        {
            configuration[$"plugins:use:{Plugin}:{key}"] = value;
        }

        return new ProcessBackend(
            program ?? Program,
            new BackendComposition(folder, configuration),
            "The test backend",
            limits ?? new BackendLimits(),
            TaskScheduler.Default,
            TimeProvider.System,
            loggers ?? NullLoggerFactory.Instance);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    public static InferenceRequest Of(string model, string input) => new(model, "text", Encoding.UTF8.GetBytes(input));

    public static async Task<string> AnswerAsync(IInferenceBackend backend, string model, string input) =>
        Encoding.UTF8.GetString((await backend.RunAsync(Of(model, input), null, TestContext.Current.CancellationToken)).Output.Span);

    /// <summary>How a run is refused.</summary>
    public static async Task<string> RefusalAsync(IInferenceBackend backend, string model, string input) =>
        (await Assert.ThrowsAsync<InferenceException>(() => AnswerAsync(backend, model, input))).Message;
}
