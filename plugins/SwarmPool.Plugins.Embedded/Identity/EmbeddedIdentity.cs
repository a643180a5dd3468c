using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Identity;

/// <summary>Names from a file, for one machine: network "local", no blocks.</summary>
internal sealed class EmbeddedIdentity : IIdentityProvider
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OtherwiseFor = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly NamesFileWatcher watch;
    private readonly string path;
    private readonly ILogger logger;

    /// <exception cref="OptionsValidationException">The file can't be used. Later on that is only "can't tell now".</exception>
    public EmbeddedIdentity(string path, TimeProvider time, ILogger<EmbeddedIdentity> logger)
    {
        this.path = path;
        this.logger = logger;
        watch = new NamesFileWatcher(path, time);
        if (Look() is { Names: null } state)
        {
            throw new OptionsValidationException(nameof(EmbeddedIdentityOptions), typeof(EmbeddedIdentityOptions), [$"names: {state.Problem}"]);
        }
    }

    public string Network => NamesFile.Network;

    public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var state = Look();
        return ValueTask.FromResult(state.Names is null
            ? IdentityAnswer.Unavailable(OtherwiseFor, state.Problem)
            : state.Names.TryGetValue(name, out var entry)
                ? new IdentityAnswer(IdentityStatus.Known, entry.Accounts, entry.Payout, 0, KnownFor, entry.Stake)
                : IdentityAnswer.Unknown(OtherwiseFor, $"{name} is not in {path}"));
    }

    public ValueTask<PoolAddress> FindPoolAsync(EnsName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var state = Look();
        return ValueTask.FromResult(state.Names is null
            ? PoolAddress.Unavailable(OtherwiseFor, state.Problem)
            : state.Names.TryGetValue(name, out var entry)
                ? new PoolAddress(IdentityStatus.Known, entry.Place, 0, KnownFor, [])
                : new PoolAddress(IdentityStatus.Unknown, PoolLocation.Nowhere, 0, OtherwiseFor, [$"{name} is not in {path}"]));
    }

    private NamesState Look()
    {
        lock (gate)
        {
            var (state, changed) = watch.Look();
            if (changed && state.Names is { } names)
            {
                EmbeddedLog.NamesRead(logger, names.Count, path);
            }
            else if (changed)
            {
                EmbeddedLog.NamesUnusable(logger, state.Problem);
            }

            return state;
        }
    }
}
