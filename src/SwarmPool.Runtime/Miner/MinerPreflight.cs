using Microsoft.Extensions.Logging;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Roles;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>What can be told of a miner before anything is started: may its key sign for its name, is its pool's name one, what can its backend do?</summary>
internal static class MinerPreflight
{
    /// <exception cref="SwarmPoolException">What is wrong; all of it at once.</exception>
    public static async Task<MinerOffer> CheckAsync(MinerOptions options, MinerDependencies dependencies, ILogger logger, CancellationToken cancellationToken)
    {
        var problems = new Problems();
        MinerOffer? offer = null;
        await TryAsync(() => CheckNamesAsync(options, dependencies.Role, cancellationToken));
        await TryAsync(async () => offer = await dependencies.Role.Waits.RunAsync(
            new Wait("the inference backend", null, null), () => MinerOffer.MakeAsync(options, dependencies.Backend, dependencies.Packs, logger, cancellationToken)));
        if (offer is { } made && made.Packs.Used.Any(static local => local.Pack.GoldenVectors.Count > 0))
        {
            await TryAsync(async () => offer = await dependencies.Role.Waits.RunAsync(
                new Wait("the golden vectors of the models", null, null), () => GoldenCheck.RunAsync(made, dependencies, logger, cancellationToken)));
        }

        await TryAsync(() => CheckRoomAsync(options, dependencies, offer));
        problems.ThrowIfAny();
        return offer!;

        async Task TryAsync(Func<Task> look)
        {
            try
            {
                await look();
            }
            catch (SwarmPoolException wrong)
            {
                problems.Add(wrong);
            }
        }
    }

    // Known once it has described itself.
    private static Task CheckRoomAsync(MinerOptions options, MinerDependencies dependencies, MinerOffer? offer) =>
        offer is null || options.MaxLoadedModels == 0 || offer.Described.Count <= options.MaxLoadedModels || dependencies.Backend.CanUnload
            ? Task.CompletedTask
            : throw new SwarmPoolException(
                ErrorCodes.BackendCantUnload,
                $"max_loaded_models is {options.MaxLoadedModels}, {offer.Described.Count} models are offered, and this backend can't unload one. Take max_loaded_models out, or offer fewer (models).");

    private static Task CheckNamesAsync(MinerOptions options, RoleDependencies parts, CancellationToken cancellationToken)
    {
        var (self, pool) = (EnsName.Parse(options.MinerEns), EnsName.Parse(options.PoolEns));
        var names = new NameCache(parts.Names, parts.Time);
        var own = new OwnDelegation(parts.Delegation, DelegationRoles.Miner, pool, new SignerCheck(names, parts.Engine), parts.Time);
        return parts.Waits.RunAsync(new Wait($"the names {self} and {pool} on {names.Network}", null, NameCache.Patience), async () =>
        {
            await OwnName.RequireAsync(names, self, parts.Signer, cancellationToken, own);
            await OwnName.RequirePoolAsync(names, pool, cancellationToken);
        });
    }
}
