using SwarmPool.Identity;
using SwarmPool.Runtime.Miner;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Puts a miner into a host.</summary>
public static class MinerBuilderExtensions
{
    /// <summary>
    /// Adds the miner. It needs the slots transport, identity and inference backend. It signs with an <see cref="ISigner"/>
    /// among the services, registered by the key "miner" or for all roles, else with the key that the options name; both is an SP1202.
    /// It tells an <see cref="IMinerObserver"/> among the services, when there is one.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets options in code, after the configuration; may be null.</param>
    /// <exception cref="InvalidOperationException">The composition has a miner already.</exception>
    public static SwarmPoolBuilder AddMiner(this SwarmPoolBuilder builder, Action<MinerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddOptions<MinerOptions, MinerOptionsValidator>(configure);
        MinerRole.AddTo(builder);
        return builder;
    }
}
