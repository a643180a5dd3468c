using System.Text;
using LLama.Native;
using Microsoft.Extensions.Logging;

namespace SwarmPool.Plugins.Llama.Native;

/// <summary>
/// Takes llama.cpp's log, of which a process has one, to the logger of the backend that loads, else of the last that did. Without it the
/// library writes to stderr.
/// </summary>
/// <remarks>Thread-safe. What it says at its level "info" is many lines for each model: they come at Debug.</remarks>
internal static class NativeLog
{
    private static readonly Lock Gate = new();
    private static readonly StringBuilder Line = new();
    private static readonly AsyncLocal<ILogger?> Loading = new();
    private static ILogger? logger;
    private static LLamaLogLevel level;
    private static readonly List<string> Errors = [];

    /// <summary>Whose logger hears it from now on, and all that is said on behalf of the method that calls this.</summary>
    public static void ListenAs(ILogger to)
    {
        Loading.Value = to;
        lock (Gate)
        {
            logger = to;
        }
    }

    /// <summary>What it said at its level "error", the first of it, and forgets that; empty for nothing.</summary>
    public static string TakeErrors()
    {
        lock (Gate)
        {
            var said = string.Join("; ", Errors);
            Errors.Clear();
            return said;
        }
    }

    /// <summary>The library's callback: a line, or a part of one. Nothing may be thrown into native code.</summary>
    public static void Heard(LLamaLogLevel said, string message)
    {
        lock (Gate)
        {
            level = said == LLamaLogLevel.Continue ? level : said;
            Line.Append(message);
            if (!message.EndsWith('\n') && Line.Length < 4096)
            {
                return;
            }

            var line = Line.ToString().TrimEnd();
            Line.Clear();
            if (line.Length > 0)
            {
                Tell(line);
            }
        }
    }

    private static void Tell(string line)
    {
        // The first says why, and the ones after it that it was so.
        if (level == LLamaLogLevel.Error && Errors.Count < 2)
        {
            Errors.Add(line.Length > 256 ? line[..256] : line);
        }

        if ((Loading.Value ?? logger) is not { } to)
        {
            return;
        }

        try
        {
            switch (level)
            {
                case LLamaLogLevel.Error: LlamaLog.NativeError(to, line); break;
                case LLamaLogLevel.Warning: LlamaLog.NativeWarning(to, line); break;
                case LLamaLogLevel.Info: LlamaLog.NativeDebug(to, line); break;
                default: LlamaLog.NativeTrace(to, line); break;
            }
        }
        catch (ObjectDisposedException)
        {
            logger = logger == to ? null : logger; // A host that has ended; the library goes on talking.
        }
    }
}
