using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

public sealed class PublishedEpochTests
{
    [Fact]
    public async Task A_stranger_recomputes_an_epoch_and_finds_every_forgery()
    {
        await using var town = await PoolTown.OpenAsync();
        var host = await town.StartAsync(o => o.EpochDurationSeconds = 2);
        var miner = await town.JoinAsync(1);
        var paid = await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync("2.5"), miner));
        var first = await town.Ear.ItemAsync<EpochSealedItem>(i => i.EpochId == paid.EpochId);
        var number = int.Parse(paid.EpochId["epoch-".Length..]);
        var second = await town.Ear.ItemAsync<EpochSealedItem>(i => i.EpochId == $"epoch-{number + 1}");
        await host.StopAsync();
        var stranger = new Stranger(town, town.Compose().Services);

        var right = await stranger.AuditAsync(first.Cid);
        Assert.Empty(right.Differences);
        Assert.True(right.SplitChecked);
        var next = await stranger.AuditAsync(second.Cid);
        Assert.Empty(next.Differences);
        Assert.True(next.SplitChecked);

        var epoch = right.Snapshot;
        await stranger.FindsAsync(epoch with { TotalVolumeUsdc = Usdc.Parse("25") }, "total_volume_usdc");
        await stranger.FindsAsync(epoch with { Proofs = [] }, "not those that the journal's records decided");
        await stranger.FindsAsync(epoch with { Journal = next.Snapshot.Journal }, "journal record");
        await stranger.FindsAsync(epoch with { JournalRoot = new string('0', 64) }, "journal_root");
        await stranger.FindsAsync(epoch with { MerkleRoot = "0x" + new string('0', 64) }, "merkle_root");
        await stranger.FindsAsync(next.Snapshot with { PreviousEpoch = null }, "names no previous epoch");
        await stranger.FindsAsync(next.Snapshot with { PreviousEpoch = second.Cid }, "the previous epoch");
        await stranger.FindsAsync(await stranger.PaidToThiefAsync(epoch), "payee");
        await stranger.FindsAsync(epoch, "the signature is not the pool's", signer: miner);
    }

    [Fact]
    public async Task What_is_no_epoch_is_not_audited()
    {
        await using var town = await PoolTown.OpenAsync();
        var stranger = new Stranger(town, town.Compose().Services);
        var text = await Assert.ThrowsAsync<SwarmPoolException>(async () => await stranger.AuditAsync(await town.PutAsync("hello")));
        Assert.Equal(ErrorCodes.NotJson, text.Code);
        var gone = await Assert.ThrowsAsync<SwarmPoolException>(() => stranger.AuditAsync(Cid.OfBlock("gone"u8)));
        Assert.Equal(ErrorCodes.ContentNotFound, gone.Code);
    }

    /// <summary>Has contents, names and the policy; knows nothing else of the pool.</summary>
    private sealed class Stranger(PoolTown town, IServiceProvider services)
    {
        public Task<PublishedEpoch> AuditAsync(Cid cid) => PublishedEpoch.AuditAsync(
            null, cid, town.Transport.Content, services.GetRequiredService<IIdentityProvider>(), services.GetRequiredService<ISettlementPolicy>(), TimeProvider.System);

        /// <summary>The pool signs something else: the audit must not be content with the signature.</summary>
        public async Task FindsAsync(EpochSnapshot forged, string what, EnsName? signer = null)
        {
            var signed = await PoolTown.SignAsync(forged, signer);
            var audited = await AuditAsync(await town.Transport.Content.PutAsync(signed.Bytes, CancellationToken.None));
            Assert.Contains(audited.Differences, difference => difference.Contains(what, StringComparison.Ordinal));
        }

        /// <summary>The same payouts, their roots made anew, to another account.</summary>
        public async Task<EpochSnapshot> PaidToThiefAsync(EpochSnapshot epoch)
        {
            var payouts = new List<PayoutItem> { new(Messages.Miner(9), TestKeys.Of(Messages.Miner(9)).Address, epoch.Settlements.MinerPool) };
            var page = await town.Transport.Content.PutAsync(Runtime.Snapshots.SnapshotCodec.EncodePage<PayoutItem>(payouts), CancellationToken.None);
            return epoch with
            {
                Settlements = epoch.Settlements with { Miners = [page] },
                PayoutRoot = EpochRoots.OfPayouts(epoch.Settlements.Operations, payouts),
            };
        }
    }
}
