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

    [LoggerMessage(7015, LogLevel.Information, "Model {Model} unloaded.")]
    public static partial void ModelUnloaded(ILogger logger, string model);

    [LoggerMessage(7004, LogLevel.Warning, "A run of model {Model} failed: {Reason}")]
    public static partial void RunFailed(ILogger logger, string model, string reason);

    [LoggerMessage(7005, LogLevel.Debug, "ONNX Runtime on model {Model}: {Message}")]
    public static partial void RuntimeSaid(ILogger logger, string model, string message);

    [LoggerMessage(7009, LogLevel.Warning, "ONNX Runtime on model {Model}: {Message}")]
    public static partial void RuntimeWarned(ILogger logger, string model, string message);

    [LoggerMessage(7010, LogLevel.Error, "ONNX Runtime on model {Model}: {Message}")]
    public static partial void RuntimeFailed(ILogger logger, string model, string message);

    [LoggerMessage(7006, LogLevel.Information, "ONNX Runtime may say more of model {Model}: it is logged at debug level.")]
    public static partial void RuntimeSaysMore(ILogger logger, string model);

    [LoggerMessage(7007, LogLevel.Warning, "Another part of this program started ONNX Runtime: what it says, errors alone from here, goes to standard error.")]
    public static partial void LogTaken(ILogger logger);

    [LoggerMessage(7008, LogLevel.Warning, "max_memory_bytes is {Wanted}, but ONNX Runtime runs already in this process with {Bound}.")]
    public static partial void OtherBound(ILogger logger, long wanted, long bound);
}
