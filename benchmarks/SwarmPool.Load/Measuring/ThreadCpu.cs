using System.Runtime.InteropServices;

namespace SwarmPool.Load.Measuring;

/// <summary>The CPU time of the calling thread, so that the driver's own work can be taken off the process's.</summary>
internal static unsafe partial class ThreadCpu
{
    private const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    public static TimeSpan Now
    {
        get
        {
            if (!OperatingSystem.IsLinux())
            {
                throw new PlatformNotSupportedException("A thread's CPU time is read by clock_gettime: run the load on Linux.");
            }

            long* time = stackalloc long[2];
            return GetTime(ThreadClock, time) == 0
                ? TimeSpan.FromSeconds(time[0]) + TimeSpan.FromMicroseconds(time[1] / 1000.0)
                : throw new InvalidOperationException($"clock_gettime failed with error {Marshal.GetLastPInvokeError()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, long* time);
}
