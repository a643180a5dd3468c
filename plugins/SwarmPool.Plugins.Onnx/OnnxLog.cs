using Microsoft.Extensions.Logging;

namespace SwarmPool.Plugins.Onnx;

internal static partial class OnnxLog
{
    [LoggerMessage(7001, LogLevel.Information, "Models run on {Device}: {Reason}.")]
    public static partial void DeviceChosen(ILogger logger, string device, string reason);

    [LoggerMessage(7002, LogLevel.Information, "{Count} models in {Folder}: {Names}.")]
    public static partial void ModelsFound(ILogger logger, int count, string folder, string names);

    [LoggerMessage(7003, LogLevel.Information, "Model {Model} (sha256 {Sha256}) loaded in {Milliseconds} ms.")]
    public static partial void ModelLoaded(ILogger logger, string model, string sha256, long milliseconds);

    [LoggerMessage(7004, LogLevel.Warning, "A run of model {Model} failed: {Reason}")]
    public static partial void RunFailed(ILogger logger, string model, string reason);
}
