using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SwarmPool.Plugins;

/// <summary>Composes a pool, a miner or a client: services, and the slots that plugins fill.</summary>
/// <remarks>Not thread-safe; used while the host is built.</remarks>
public interface ISwarmPoolBuilder
{
    /// <summary>The composition's own services: options, hosted services, loggers and meters work as in any host. Another composition in the same process has others.</summary>
    IServiceCollection Services { get; }

    /// <summary>The composition's configuration.</summary>
    IConfiguration Configuration { get; }

    /// <summary>
    /// The folder that relative paths in the configuration are relative to: the configuration file's, else the current directory.
    /// </summary>
    string BaseDirectory { get; }

    /// <summary>
    /// Fills a slot: one of <c>ITransport</c>, <c>IIdentityProvider</c>, <c>IPoolJournal</c>, <c>ISettlementPolicy</c>,
    /// <c>IInferenceBackend</c>, <c>IProofVerifier</c>. Each is filled once; a second filling is an error that names both.
    /// A slot that this program does not use may be filled: its factory is then never called.
    /// </summary>
    /// <typeparam name="TSlot">The slot's contract.</typeparam>
    /// <param name="filledBy">Who fills it, for messages: "Embedded transport".</param>
    /// <param name="factory">Makes the one instance; the host disposes it.</param>
    ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
        where TSlot : class;
}
