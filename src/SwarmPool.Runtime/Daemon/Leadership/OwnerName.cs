using System.Globalization;

namespace SwarmPool.Runtime.Daemon.Leadership;

/// <summary>Who a daemon is to those who ask who leads.</summary>
internal static class OwnerName
{
    /// <summary>The name that was chosen, or the machine's and the process's.</summary>
    public static string Of(string instance) => instance.Length > 0
        ? instance
        : string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}");
}
