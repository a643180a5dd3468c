using System.Text;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Network;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Parties;

/// <summary>A client that signs its jobs by a session key for a while, takes its delegation back, and goes on by the next.</summary>
internal sealed class Delegator(SimNetwork network, Pump pump, Dice dice)
{
    private const int JobsPerDelegation = 4;

    private readonly SimProcess process = new(pump, Cast.Delegator.Text);
    private readonly SimNonces nonces = new("delegator");

    private long Now => process.Time.GetUtcNow().ToUnixTimeSeconds();

    public async Task RunAsync(Func<bool> over) => await process.RunAsync(async () =>
    {
        while (!over())
        {
            var delegation = await DelegateAsync();
            for (var i = 0; i < JobsPerDelegation && !over(); i++)
            {
                await SubmitAsync(delegation.Cid);
                await Task.Delay(dice.Span(10, 60), process.Time);
            }

            await RevokeAsync(delegation.Digest);
            await SubmitAsync(delegation.Cid); // Too late: refused.
            await Task.Delay(dice.Span(100, 900), process.Time);
        }
    });

    private async Task<SignedSnapshot> DelegateAsync()
    {
        var body = new DelegationSnapshot
        {
            Pool = Cast.Pool,
            Network = "local",
            Timestamp = Now,
            Nonce = nonces.Next(),
            Name = Cast.Delegator,
            Role = DelegationRoles.Client,
            Key = Cast.SessionKey.Address,
            Expires = Now + 600,
            SpendingCap = Usdc.FromMicro(2_000_000),
        };
        var signed = await SnapshotCodec.SignAsync(body, Cast.KeyOf(Cast.Delegator), CancellationToken.None);
        Store(signed.Bytes);
        return signed;
    }

    private async Task SubmitAsync(Cid delegation)
    {
        var job = new JobSnapshot
        {
            Client = Cast.Delegator,
            Pool = Cast.Pool,
            Network = "local",
            Delegation = delegation,
            Timestamp = Now,
            Nonce = nonces.Next(),
            JobType = "t",
            Model = Cast.Model,
            InputCid = Store(Encoding.UTF8.GetBytes("an input")),
            Payment = new JobPayment(Usdc.FromMicro(dice.Between(1, 1_000_000))),
            Deadline = Now + dice.Between(30, 300),
        };
        var signed = await SnapshotCodec.SignAsync(job, Cast.SessionKey, CancellationToken.None);
        network.Publish(process, Topics.Of(Cast.Pool, Topics.Jobs), signed.Bytes);
    }

    private async Task RevokeAsync(string digest)
    {
        var revocation = new RevocationSnapshot
        {
            Pool = Cast.Pool,
            Network = "local",
            Timestamp = Now,
            Nonce = nonces.Next(),
            Name = Cast.Delegator,
            Revokes = digest,
        };
        var signed = await SnapshotCodec.SignAsync(revocation, Cast.KeyOf(Cast.Delegator), CancellationToken.None);
        network.Publish(process, Topics.Of(Cast.Pool, Topics.Revocations), signed.Bytes);
    }

    private Cid Store(ReadOnlyMemory<byte> bytes)
    {
        var cid = ContentAddress.Of(bytes.Span);
        network.Keep(process.Name, cid, bytes);
        return cid;
    }
}
