using SwarmPool.Runtime.Roles;

namespace SwarmPool.Programs.Reporting;

/// <summary>Says to machines what a program waits for: the events <c>waiting</c> and <c>wait_ended</c>.</summary>
public sealed class WaitEvents(EventWriter events) : IWaitObserver
{
    /// <inheritdoc/>
    public void Waiting(Wait wait)
    {
        ArgumentNullException.ThrowIfNull(wait);
        events.Write("waiting", new { wait.For, wait.Where, at_most_seconds = wait.AtMost?.TotalSeconds, wait.Problem });
    }

    /// <inheritdoc/>
    public void WaitEnded(Wait wait, TimeSpan after)
    {
        ArgumentNullException.ThrowIfNull(wait);
        events.Write("wait_ended", new { wait.For, wait.Where, after_ms = (long)after.TotalMilliseconds });
    }
}
