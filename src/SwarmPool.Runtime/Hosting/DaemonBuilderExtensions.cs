using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Puts a pool's daemon into a host.</summary>
public static class DaemonBuilderExtensions
{
    /// <summary>
    /// Adds the daemon. It needs the slots transport, identity, journal and settlement policy; a proof verifier is taken
    /// when there is one, else proofs are checked by their signatures and hashes. It signs with an <see cref="ISigner"/>
    /// among the services, registered by the key "daemon" or for all roles, else with the key that the options name; both is an SP1202.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options in code, after the configuration; may be null.</param>
    /// <exception cref="InvalidOperationException">The composition has a daemon already.</exception>
    public static SwarmPoolBuilder AddDaemon(this SwarmPoolBuilder builder, Action<DaemonOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<DaemonOptions, DaemonOptionsValidator>(configure);
        DaemonRole.AddTo(builder);
        return builder;
    }
}
