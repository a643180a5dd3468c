using Microsoft.Extensions.Logging;

namespace SwarmPool.Runtime.Client;

/// <summary>The client's log messages; event ids 4100 to 4199.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(4101, LogLevel.Debug, "Could not ask again what became of job {Job}: {Why}")]
    public static partial void AskingFailed(ILogger logger, string job, string why);

    [LoggerMessage(4102, LogLevel.Error, "The pool accepted a proof for job {Job} that does not stand up: {Why}")]
    public static partial void BadProof(ILogger logger, string job, string why);

    [LoggerMessage(4103, LogLevel.Debug, "The proof or output of job {Job} is not available yet: {Why}")]
    public static partial void NotYetThere(ILogger logger, string job, string why);

    [LoggerMessage(4104, LogLevel.Error, "Job {Job} could not be driven on: {Why}")]
    public static partial void DriveFailed(ILogger logger, Exception exception, string job, string why);

    [LoggerMessage(4105, LogLevel.Critical, "The client hears its pool no longer: {Why}")]
    public static partial void Deaf(ILogger logger, Exception exception, string why);

    [LoggerMessage(4106, LogLevel.Information, "Connected to {Pool}")]
    public static partial void Connected(ILogger logger, string pool);

    [LoggerMessage(4107, LogLevel.Warning, "Not connected to {Pool}: {Why}. Trying again in {Pause}")]
    public static partial void NotConnected(ILogger logger, string pool, string why, TimeSpan pause);

    [LoggerMessage(4108, LogLevel.Information, "Waiting for {Pool}; the host starts meanwhile")]
    public static partial void GoesOnConnecting(ILogger logger, string pool);
}
