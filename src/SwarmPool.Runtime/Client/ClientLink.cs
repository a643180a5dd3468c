using SwarmPool.Identity;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Client;

/// <summary>Makes one connection of a client to its pool: the key is the name's, and the client listens.</summary>
/// <remarks>One connection at a time; after one has ended the next may be made.</remarks>
internal sealed class ClientLink(
    EnsName client, EnsName pool, RoleDependencies parts, NameCache names, OwnDelegation own, RevocationListener revocations, PoolListener listener, StateSource state, JobEventDispatcher jobs)
{
    internal static readonly string[] HeardTopics = [SnapshotTypes.JobsNew, SnapshotTypes.JobsRejected, SnapshotTypes.JobsCancelled, SnapshotTypes.JobsFailed, SnapshotTypes.ClaimsAccepted, SnapshotTypes.ClaimsTimeout, SnapshotTypes.ProofsAccepted];

    /// <summary>What can be told without the transport: the key may sign for the name, and the pool's name is one.</summary>
    /// <exception cref="Protocol.Errors.SwarmPoolException">SP1205, SP1206, SP1209, SP2204.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) => parts.Waits.RunAsync(
        new Wait($"the names {client} and {pool} on {parts.Names.Network}", null, NameCache.Patience),
        async () =>
        {
            await OwnName.RequireAsync(names, client, parts.Signer, cancellationToken, own);
            await OwnName.RequirePoolAsync(names, pool, cancellationToken);
        });

    /// <summary>Checks, then listens to the pool.</summary>
    /// <param name="link">Ends this connection; is cancelled when it ends by itself.</param>
    /// <param name="told">Is told whether the transport reaches what it goes by, while this connection lasts.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <returns>Runs as long as the client listens, and fails with what ended that.</returns>
    public async Task<Func<Task>> ConnectAsync(CancellationTokenSource link, Action<TransportLink> told, CancellationToken cancellationToken)
    {
        await CheckAsync(cancellationToken);
        await OwnDelegation.ShowAsync(parts.Transport.Content, parts.Delegation, cancellationToken);
        await parts.Waits.RunAsync(new Wait($"the last state of {pool}", parts.Transport.Link?.Where, StateSource.LongestLook), () => state.LookAsync(cancellationToken).AsTask());
        Task[] ears = [];
        await parts.Waits.RunAsync(parts.Transport.Link, $"the topics of {pool}", async () => ears = [await listener.StartAsync(HeardTopics, link.Token), await revocations.StartAsync(link.Token)]);
        return () => ListenAsync(parts.Transport.Link is { } by ? [.. ears, FollowAsync(by, told, link.Token)] : ears, link);
    }

    private static async Task FollowAsync(TransportLink link, Action<TransportLink> told, CancellationToken cancellationToken)
    {
        await foreach (var _ in link.WatchAsync(cancellationToken))
        {
            told(link);
        }
    }

    private Task ListenAsync(IReadOnlyList<Task> ears, CancellationTokenSource link)
    {
        Task[] services = state.Finder.MayChange ? [.. ears, state.Finder.KeepAsync(link.Token)] : [.. ears];
        return Loops.RunWhileAsync(HearAsync(link.Token), services, link);
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        await foreach (var said in listener.Heard.ReadAllAsync(cancellationToken))
        {
            jobs.Hear(said.Body);
        }
    }
}
