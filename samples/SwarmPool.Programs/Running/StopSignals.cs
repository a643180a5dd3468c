using System.Runtime.InteropServices;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Running;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP (the terminal is gone): the first asks to stop in good order, a second Ctrl-C, later than a moment after it, ends the
/// process at once with 130. A SIGHUP that is ignored, as under nohup, stays so.
/// </summary>
public sealed class StopSignals : IDisposable
{
    // A supervisor may signal the process and then its group, so one stop can arrive twice.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource stopping = new();
    private readonly PosixSignalRegistration interrupt;
    private readonly PosixSignalRegistration terminate;
    private readonly PosixSignalRegistration hangup;
    private long stoppedAt;

    /// <summary>Listens from now on.</summary>
    public StopSignals()
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            if (stopping.IsCancellationRequested && TimeProvider.System.GetElapsedTime(Volatile.Read(ref stoppedAt)) > Moment)
            {
                Environment.Exit(ExitCodes.Interrupted);
            }

            Stop(signal);
        });
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => stopping.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        hangup.Dispose();
        stopping.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true; // The runtime would end the process; it drains instead.
        if (Interlocked.CompareExchange(ref stoppedAt, TimeProvider.System.GetTimestamp(), 0) == 0)
        {
            stopping.Cancel();
        }
    }
}
