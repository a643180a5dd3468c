using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace SwarmPool.Plugins.Onnx;

/// <summary>
/// ONNX Runtime's messages in a backend's log. A model whose initialisers are inputs makes one for each of them, thousands at times: the first of
/// a model are told as what they are, the rest at debug level, and that there are more is said once. Thread-safe.
/// </summary>
internal sealed class OrtLog : IDisposable
{
    /// <summary>Messages of a model that are told as what they are.</summary>
    public const int Told = 8;

    private const int MostModels = 4096;
    private const int MostCharacters = 1000;
    private static int last;

    private readonly ILogger logger;
    private readonly string id = FormattableString.Invariant($"onnx-{Interlocked.Increment(ref last)}");
    private readonly ConcurrentDictionary<string, int> counts = new(StringComparer.Ordinal);

    public OrtLog(ILogger logger)
    {
        this.logger = logger;
        OrtEnvironment.Add(id, this);
    }

    /// <summary>What a model's session is called, so that its messages come here.</summary>
    public string IdOf(string model) => $"{id}/{model}";

    public void Write(OrtLoggingLevel severity, string model, string message)
    {
        if (counts.Count >= MostModels)
        {
            counts.Clear();
        }

        var text = string.Concat(message.AsSpan(0, Math.Min(message.Length, MostCharacters)).TrimEnd().ToString().Select(static c => char.IsControl(c) ? ' ' : c));
        var count = counts.AddOrUpdate(model, 1, static (_, before) => before == int.MaxValue ? before : before + 1);
        var name = model.Length > 0 ? model : "-";
        if (count > Told || severity < OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING)
        {
            OnnxLog.RuntimeSaid(logger, name, text);
        }
        else if (severity == OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING)
        {
            OnnxLog.RuntimeWarned(logger, name, text);
        }
        else
        {
            OnnxLog.RuntimeFailed(logger, name, text);
        }

        if (count == Told)
        {
            OnnxLog.RuntimeSaysMore(logger, name);
        }
    }

    public void Dispose() => OrtEnvironment.Remove(id);
}
