using SwarmPool.Core.Auditing;
using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

public sealed class PoolAuditorTests
{
    [Fact]
    public async Task A_stranger_decides_and_settles_everything_again()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var heard = new List<AuditProgress>();
        var stranger = audited.Stranger(progress: new Listener(heard));

        var alone = await stranger.AuditEpochAsync(await stranger.FetchAsync(audited.Second));
        Assert.Empty(alone.Differences);
        Assert.True(alone is { IsRight: true, SplitChecked: true, DecidedAgain: false, Epochs: 1, Splits: 1 });

        var whole = await stranger.AuditHistoryAsync(await stranger.FetchAsync(audited.Second));
        Assert.Empty(whole.Differences);
        Assert.True(whole is { IsRight: true, SplitChecked: true, DecidedAgain: true, Epochs: 2, Splits: 2, Checkpoint: null });
        Assert.Equal(whole.Snapshot.ToSequence, whole.Records);
        Assert.Equal(7, whole.Messages); // a registration; two jobs, claims and proofs
        Assert.Equal([1, 2], heard.TakeLast(2).Select(at => at.Epoch));
        Assert.All(heard.TakeLast(2), at => Assert.Equal(2, at.Last));

        // The client, the miner, and whom operations are paid as.
        Assert.Equal((3, 3, 0), (whole.Names.Asked, whole.Names.Same, whole.Names.Unavailable));
        Assert.Empty(whole.Names.Changed);
    }

    [Fact]
    public async Task Every_field_that_was_changed_is_found_in_an_epoch_alone()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var (first, second) = (await audited.FetchAsync(audited.First), await audited.FetchAsync(audited.Second));

        await FindsAsync(first with { TotalVolumeUsdc = Usdc.Parse("25") }, "total_volume_usdc");
        await FindsAsync(first with { JobsCount = 2 }, "jobs_count");
        await FindsAsync(first with { Proofs = [] }, "not those that the journal's records decided");
        await FindsAsync(first with { Journal = second.Journal }, "its place in the chain");
        await FindsAsync(first with { JournalRoot = new string('0', 64) }, "journal_root");
        await FindsAsync(first with { MerkleRoot = "0x" + new string('0', 64) }, "merkle_root");
        await FindsAsync(first with { ToSequence = first.ToSequence + 1 }, "the epoch ends with");
        await FindsAsync(first with { ToSequence = first.ToSequence - 1 }, "go on after record");
        await FindsAsync(second with { PreviousEpoch = null }, "names no previous epoch");
        await FindsAsync(second with { PreviousEpoch = audited.Second }, "the previous epoch");
        await FindsAsync(first with { Journal = [.. first.Journal, await audited.Town.PutAsync("")] }, "holds no record");

        // The same payouts, their roots made anew, to another account.
        var payouts = new PayoutItem[] { new(Messages.Miner(9), TestKeys.Of(Messages.Miner(9)).Address, first.Settlements.MinerPool) };
        await FindsAsync(
            first with
            {
                Settlements = first.Settlements with { Miners = [await audited.PageAsync(payouts)] },
                PayoutRoot = EpochRoots.OfPayouts(first.Settlements.Operations, payouts),
            },
            "payee");
        var notThePools = await audited.AuditAloneAsync(await audited.PublishAsync(first, signer: audited.Miner));
        Assert.Contains(notThePools.Differences, one => one.What.Contains("the signature is not the pool's", StringComparison.Ordinal));

        async Task FindsAsync(EpochSnapshot forged, string what)
        {
            var report = await audited.AuditAloneAsync(await audited.PublishAsync(forged));
            Assert.Contains(report.Differences, one => one.What.Contains(what, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task What_only_the_history_tells_is_found_there()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var (first, second) = (await audited.FetchAsync(audited.First), await audited.FetchAsync(audited.Second));

        await FindsAsync(first with { OpeningState = new string('0', 64) }, "opening_state");
        await FindsAsync(first with { StartedAt = first.StartedAt + 1 }, "started_at");

        // Settled in another way than the journal records, and sealed as another snapshot: the next epoch's records tell.
        var replaced = await audited.PublishAsync(first with { PolicyReplaced = true });
        var after = await audited.AuditHistoryAsync(await audited.PublishAsync(second with { PreviousEpoch = replaced }));
        Assert.Contains(after.Differences, one => one.What.Contains("settles epoch-1 in another way", StringComparison.Ordinal));
        Assert.Contains(after.Differences, one => one.What.Contains("seals epoch-1 as", StringComparison.Ordinal));

        async Task FindsAsync(EpochSnapshot forged, string what)
        {
            var cid = await audited.PublishAsync(forged);
            Assert.Empty((await audited.AuditAloneAsync(cid)).Differences);
            Assert.Contains((await audited.AuditHistoryAsync(cid)).Differences, one => one.What.Contains(what, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_epoch_of_another_policy_is_summed_up_and_says_so()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var stranger = audited.Stranger(new HalfPolicy());
        var report = await stranger.AuditHistoryAsync(await stranger.FetchAsync(audited.Second));
        Assert.Empty(report.Differences);
        Assert.True(report is { SplitChecked: false, Splits: 0, Epochs: 2 });
    }

    [Fact]
    public async Task What_is_no_epoch_is_not_audited()
    {
        await using var town = await TestNetwork.OpenAsync();
        var stranger = new PoolAuditor(town.Transport.Content, new NobodyKnown(), TimeProvider.System);
        var text = await Assert.ThrowsAsync<SwarmPoolException>(async () => await stranger.FetchAsync(await town.PutAsync("hello")));
        Assert.Equal(ErrorCodes.NotJson, text.Code);
        var gone = await Assert.ThrowsAsync<SwarmPoolException>(async () => await stranger.FetchAsync(Cid.OfBlock("gone"u8)));
        Assert.Equal(ErrorCodes.ContentNotFound, gone.Code);
    }

    private sealed class Listener(List<AuditProgress> heard) : IProgress<AuditProgress>
    {
        public void Report(AuditProgress value) => heard.Add(value);
    }

    private sealed class NobodyKnown : Identity.IIdentityProvider
    {
        public string Network => "local";

        public ValueTask<Identity.IdentityAnswer> ResolveAsync(Identity.EnsName name, CancellationToken cancellationToken) =>
            new(Identity.IdentityAnswer.Unknown(TimeSpan.FromMinutes(1), "nobody is known"));
    }
}
