using SwarmPool.Identity;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Reader;
using SwarmPool.Runtime.Roles;
using SwarmPool.Runtime.Scheduling;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Client;

/// <summary>Makes one connection of a client to its pool: the key is the name's, and the client listens.</summary>
/// <remarks>One connection at a time; after one has ended the next may be made.</remarks>
internal sealed class ClientLink(
    EnsName client, RoleDependencies parts, NameCache names, OwnDelegation own, RevocationListener revocations, PoolListener listener, StateSource state, JobEventDispatcher jobs)
{
    internal static readonly string[] HeardTopics = [SnapshotTypes.JobsNew, SnapshotTypes.JobsRejected, SnapshotTypes.JobsCancelled, SnapshotTypes.JobsFailed, SnapshotTypes.ClaimsAccepted, SnapshotTypes.ClaimsTimeout, SnapshotTypes.ProofsAccepted];

    /// <summary>Checks that the key may sign for the name, then listens to the pool.</summary>
    /// <param name="link">Ends this connection; is cancelled when it ends by itself.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <returns>Runs as long as the client listens, and fails with what ended that.</returns>
    public async Task<Func<Task>> ConnectAsync(CancellationTokenSource link, CancellationToken cancellationToken)
    {
        await OwnName.RequireAsync(names, client, parts.Signer, cancellationToken, own);
        await OwnDelegation.ShowAsync(parts.Transport.Content, parts.Delegation, cancellationToken);
        await state.LookAsync(cancellationToken);
        var ears = await listener.StartAsync(HeardTopics, link.Token);
        var told = await revocations.StartAsync(link.Token);
        return () => ListenAsync([ears, told], link);
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
