using System.Diagnostics;

namespace SwarmPool.Load.Driving;

/// <summary>When a driver sends its next job.</summary>
internal abstract class Pace
{
    /// <summary>How long the driver may wait for an answer before it asks again.</summary>
    public abstract TimeSpan Wait { get; }

    /// <summary>So many in flight: the daemon says how fast it goes.</summary>
    public static Pace InFlight(int window) => new Window(window);

    /// <summary>So many a second from now on, whatever the daemon does: what is late is sent as soon as it can be.</summary>
    public static Pace EachSecond(double jobs) => new Rate(jobs);

    public abstract bool Allows(int sent, int open);

    private sealed class Window(int window) : Pace
    {
        public override TimeSpan Wait => TimeSpan.FromSeconds(1);

        public override bool Allows(int sent, int open) => open < window;
    }

    private sealed class Rate(double jobs) : Pace
    {
        private readonly long begun = Stopwatch.GetTimestamp();

        public override TimeSpan Wait => TimeSpan.FromMilliseconds(1);

        public override bool Allows(int sent, int open) => sent < Stopwatch.GetElapsedTime(begun).TotalSeconds * jobs;
    }
}
