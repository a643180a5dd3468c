using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class PoolListenerTests
{
    [Fact]
    public async Task Pitfall19_pointers_to_nothing_do_not_keep_a_listener_from_hearing()
    {
        await using var town = await TestNetwork.OpenAsync();
        var never = new TaskCompletionSource();
        var listener = Listener(new WatchedTransport(town.Transport) { Gate = _ => never.Task });
        using var stop = new CancellationTokenSource();
        var listening = await listener.StartAsync([SnapshotTypes.JobsNew], stop.Token);
        for (var i = 0; i < 50; i++)
        {
            await town.SendAsync(SnapshotTypes.JobsNew, SnapshotPointer.Encode(Messages.AnyCid($"missing {i}")));
        }

        var forged = await TestNetwork.SignAsync(JobsNew(), by: Messages.Miner(1));
        var said = await TestNetwork.SignAsync(JobsNew());
        await town.SendAsync(SnapshotTypes.JobsNew, forged.Bytes);
        await town.SendAsync(SnapshotTypes.JobsNew, said.Bytes);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        Assert.Equal(said.Cid, (await listener.Heard.ReadAsync(patience.Token)).Cid);
        Assert.True(listener.Dropped >= 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_subscription_that_ends_is_a_failure_not_a_silence()
    {
        await using var town = await TestNetwork.OpenAsync();
        var watched = new WatchedTransport(town.Transport);
        var listening = await Listener(watched).StartAsync([SnapshotTypes.JobsNew, SnapshotTypes.State], CancellationToken.None);
        watched.EndSubscriptions();
        var deaf = await Assert.ThrowsAsync<SwarmPoolException>(() => listening.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(ErrorCodes.TransportUnavailable, deaf.Code);
    }

    private static JobsNew JobsNew() => new()
    {
        Pool = Messages.Pool,
        Network = "local",
        Timestamp = 1_700_000_000,
        Nonce = new string('a', 32),
        FromSequence = 1,
        ToSequence = 1,
        JournalHead = new string('b', 64),
        Items = [new(Messages.AnyCid("job"), Messages.Client, "t", "m", Usdc.Parse("1"), 1, 1_700_000_100)],
    };

    private static PoolListener Listener(WatchedTransport transport) => new(
        transport,
        new ContentReader(transport, TimeProvider.System),
        new SignerCheck(new NameCache(new KeyNames(), TimeProvider.System), SignatureEngines.Best),
        Messages.Pool,
        TimeProvider.System,
        NullLogger<PoolListener>.Instance);
}
