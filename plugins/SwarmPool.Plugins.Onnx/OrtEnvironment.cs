using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;

namespace SwarmPool.Plugins.Onnx;

/// <summary>
/// ONNX Runtime's environment, one a process (and load context): its log goes to the backends' loggers instead of to standard error, and what
/// its models take of the CPU's memory has a bound. Thread-safe.
/// </summary>
internal static class OrtEnvironment
{
    private const string LogId = "swarmpool";

    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<string, OrtLog> Logs = new(StringComparer.Ordinal);

    // The native side keeps no reference that the collector would see.
    private static readonly DOrtLoggingFunction Callback = OnMessage;

    private static bool isOpen;
    private static bool hasLog;
    private static long bound;

    /// <summary>Whether messages come here. Not when another part of the program started ONNX Runtime first.</summary>
    public static bool HasLog
    {
        get
        {
            lock (Gate)
            {
                return hasLog;
            }
        }
    }

    /// <summary>Starts it, if this is the first call, with a bound of memory that then holds for the process.</summary>
    /// <param name="maxMemoryBytes">0: none.</param>
    /// <returns>The bound that holds; 0 when there is none.</returns>
    public static long Open(long maxMemoryBytes)
    {
        lock (Gate)
        {
            if (!isOpen)
            {
                if (!OrtEnv.IsCreated)
                {
                    var options = new EnvironmentCreationOptions { logId = LogId, logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, loggingFunction = Callback };
                    OrtEnv.CreateInstanceWithOptions(ref options);
                    hasLog = true;
                }

                bound = maxMemoryBytes > 0 && Bound(maxMemoryBytes) ? maxMemoryBytes : 0;
                isOpen = true;
            }

            return bound;
        }
    }

    /// <summary>Messages whose log id begins with <paramref name="id"/> go to a log from now on.</summary>
    public static void Add(string id, OrtLog log) => Logs[id] = log;

    public static void Remove(string id) => Logs.TryRemove(id, out _);

    // False where whoever started ONNX Runtime has given it memory already.
    private static bool Bound(long bytes)
    {
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        using var arena = new OrtArenaCfg((uint)bytes, -1, -1, -1);
        try
        {
            OrtEnv.Instance().CreateAndRegisterAllocator(memory, arena);
            return true;
        }
        catch (OnnxRuntimeException) when (!hasLog)
        {
            return false;
        }
    }

    private static void OnMessage(nint parameter, OrtLoggingLevel severity, string category, string logId, string codeLocation, string message)
    {
        try
        {
            var slash = logId?.IndexOf('/', StringComparison.Ordinal) ?? -1;
            if (slash > 0 && Logs.TryGetValue(logId![..slash], out var log))
            {
                log.Write(severity, logId[(slash + 1)..], message ?? "");
                return;
            }

            foreach (var each in Logs.Values)
            {
                each.Write(severity, "", message ?? "");
            }
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            // A logger that throws may not take the process with it, which an exception through native code would.
            System.Diagnostics.Trace.TraceError($"A logger failed on a message of ONNX Runtime: {broken}");
        }
    }
}
