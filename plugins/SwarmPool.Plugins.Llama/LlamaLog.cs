using Microsoft.Extensions.Logging;

namespace SwarmPool.Plugins.Llama;

internal static partial class LlamaLog
{
    [LoggerMessage(7101, LogLevel.Information, "llama.cpp runs from {Library} ({Build}).")]
    public static partial void LibraryLoaded(ILogger logger, string library, string build);

    [LoggerMessage(7102, LogLevel.Information, "{Count} models in {Folder}: {Names}.")]
    public static partial void ModelsFound(ILogger logger, int count, string folder, string names);

    [LoggerMessage(7103, LogLevel.Information, "Model {Model} (sha256 {Sha256}) loaded in {Milliseconds} ms: {Parameters} parameters, {Bytes} bytes.")]
    public static partial void ModelLoaded(ILogger logger, string model, string sha256, long milliseconds, ulong parameters, ulong bytes);

    [LoggerMessage(7104, LogLevel.Warning, "A run of model {Model} failed: {Reason}")]
    public static partial void RunFailed(ILogger logger, string model, string reason);

    [LoggerMessage(7105, LogLevel.Trace, "llama.cpp: {Line}")]
    public static partial void NativeTrace(ILogger logger, string line);

    [LoggerMessage(7106, LogLevel.Debug, "llama.cpp: {Line}")]
    public static partial void NativeDebug(ILogger logger, string line);

    [LoggerMessage(7107, LogLevel.Warning, "llama.cpp: {Line}")]
    public static partial void NativeWarning(ILogger logger, string line);

    [LoggerMessage(7108, LogLevel.Error, "llama.cpp: {Line}")]
    public static partial void NativeError(ILogger logger, string line);

    [LoggerMessage(7109, LogLevel.Information, "Model {Model} unloaded.")]
    public static partial void ModelUnloaded(ILogger logger, string model);
}
