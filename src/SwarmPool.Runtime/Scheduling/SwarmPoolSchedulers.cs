namespace SwarmPool.Runtime.Scheduling;

/// <summary>
/// Where the runtime's work runs. Register another instance as a service before the host is built
/// to run a whole pool on one's own scheduler, e.g. a single-threaded, reproducible one.
/// </summary>
/// <remarks>Immutable. The schedulers must outlive the host.</remarks>
public sealed class SwarmPoolSchedulers
{
    /// <summary>Makes the pair.</summary>
    /// <param name="roles">See <see cref="Roles"/>.</param>
    /// <param name="checks">See <see cref="Checks"/>.</param>
    public SwarmPoolSchedulers(TaskScheduler roles, TaskScheduler checks)
    {
        ArgumentNullException.ThrowIfNull(roles);
        ArgumentNullException.ThrowIfNull(checks);
        Roles = roles;
        Checks = checks;
    }

    /// <summary>Both on the thread pool (<see cref="TaskScheduler.Default"/>): the default.</summary>
    public static SwarmPoolSchedulers ThreadPool { get; } = new(TaskScheduler.Default, TaskScheduler.Default);

    /// <summary>Runs the loops of the daemon, the miner and the client.</summary>
    public TaskScheduler Roles { get; }

    /// <summary>Runs checks that may go in parallel: signatures, fetches, verification.</summary>
    public TaskScheduler Checks { get; }
}
