using System.Runtime.InteropServices;

namespace SwarmPool.Plugins.Onnx;

/// <summary>
/// ONNX Runtime of 1.31 and newer reports to its maker by default: a device id and events, kept in the user's cache folder until
/// they are sent. Here it does not.
/// </summary>
/// <remarks>Source: onnxruntime/core/platform/telemetry_1ds.cc, which looks for ORT_DISABLE_TELEMETRY when the library starts.</remarks>
internal static partial class OrtTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Turns it off for this process. Comes before the first call of ONNX Runtime.</summary>
    /// <exception cref="InvalidOperationException">The C library refuses, so nothing that reports may be loaded.</exception>
    public static void TurnOff()
    {
        // The C library's environment, which a native library reads: on Unix Environment.SetEnvironmentVariable changes only .NET's own
        // copy, and on Windows a C runtime keeps a copy as well.
        var failed = OperatingSystem.IsWindows() ? SetOnWindows(Variable, "1") : SetOnUnix(Variable, "1", overwrite: 1);
        if (failed != 0)
        {
            throw new InvalidOperationException($"{Variable} can't be set, which keeps ONNX Runtime from reporting to its maker. Set it to 1 in the environment of this program.");
        }

        // For programs that this one starts.
        Environment.SetEnvironmentVariable(Variable, "1");
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetOnUnix(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetOnWindows(string name, string value);
}
