using System.Text;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Settlement;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Listing;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>Epochs that pay the work of others: what is published of them, what a stranger recomputes, and each cheat that an operator has left.</summary>
public sealed class HeldEpochTests
{
    [Fact]
    public async Task Struck_work_goes_back_and_checkers_are_paid_and_a_stranger_recomputes_it()
    {
        var (held, epochs) = await HeldPool.ToldAsync();
        var all = await Task.WhenAll(epochs.Select(held.Pool.FetchAsync));
        Assert.Equal([(1L, 0L), (1L, 0L), (1L, 1L), (2L, 2L), (3L, 3L)], all.Select(epoch => (epoch.WorkFrom!.Value, epoch.WorkTo!.Value)));
        Assert.Equal(["0", "0", "1", "4.5", "0"], all.Select(epoch => epoch.TotalVolumeUsdc.ToString()));
        var refund = Assert.Single(Items<RefundItem>(held, all[2].Refunds!.Items));
        Assert.Equal(("2", Messages.Client), (refund.Price.ToString(), refund.Client));
        Assert.Equal(2, all[2].Refunds!.Total.Micro / Usdc.MicroPerUnit);
        Assert.All(all.Where(epoch => epoch.Number != 3), epoch => Assert.Null(epoch.Refunds));

        // Checks are work of their own, paid where the job is; those that refuted the answer to a job of 4 are not.
        Assert.Equal(["0.1", "0.2"], Items<EpochCheckItem>(held, all[2].Checks!.Items).Select(check => check.Fee.ToString()));
        Assert.Equal(["0.4", "0.05"], Items<EpochCheckItem>(held, all[3].Checks!.Items).Select(check => check.Fee.ToString()).Order(StringComparer.Ordinal).Reverse());
        foreach (var epoch in all)
        {
            var (miners, checkers) = (Items<PayoutItem>(held, epoch.Settlements.Miners), Items<PayoutItem>(held, epoch.Settlements.Checkers ?? []));
            Assert.Equal(epoch.TotalVolumeUsdc.Micro, epoch.Settlements.Operations.Amount.Micro + miners.Concat(checkers).Sum(item => item.Amount.Micro));
            Assert.DoesNotContain(miners, item => item.Miner == held.Liar);
            Assert.Equal(HeldPool.SecretOf(epoch.Number), epoch.Draw!.Secret);
            var alone = await held.Pool.AuditAloneAsync(epochs[(int)epoch.Number - 1]);
            Assert.Empty(alone.Differences);
            var history = await held.Pool.AuditAsync(epochs[(int)epoch.Number - 1]);
            Assert.Empty(history.Differences);
        }
    }

    [Fact]
    public async Task An_audit_goes_on_from_a_checkpoint_whatever_was_held_there()
    {
        var (held, epochs) = await HeldPool.ToldAsync();
        for (var from = 0; from < epochs.Count - 1; from++)
        {
            var first = await held.Pool.AuditAsync(epochs[from], keepCheckpoint: true);
            var checkpoint = AuditCheckpoint.Read(first.Checkpoint!.ToBytes());
            var rest = await held.Pool.AuditAsync(epochs[^1], checkpoint);
            Assert.Empty(rest.Differences);
            Assert.Equal(epochs.Count - 1 - from, rest.Epochs);
        }
    }

    [Fact]
    public async Task A_strike_after_an_epoch_is_closed_changes_nothing_of_what_it_settles()
    {
        var (late, epochs) = await HeldPool.ToldAsync();
        var third = await late.Pool.FetchAsync(epochs[2]);
        var held = await HeldPool.OpenAsync();
        await held.DoAsync("1", Messages.Miner(1));
        await held.DoAsync("2", held.Liar);
        await held.EndEpochAsync();
        await held.EndEpochAsync();
        held.Pool.Close(); // Its work is released now, and not settled yet.
        held.Draw();
        await held.DoAsync("4", held.Liar, lies: true);
        held.Pool.Settle();
        var settled = await held.Pool.FetchAsync(await held.Pool.SealAsync());
        Assert.Equal(("3", null), (settled.TotalVolumeUsdc.ToString(), settled.Refunds));
        Assert.Contains(Items<PayoutItem>(held, settled.Settlements.Miners), item => item.Miner == held.Liar);
        Assert.Equal("1", third.TotalVolumeUsdc.ToString());
    }

    [Fact]
    public async Task What_is_settled_and_sealed_again_after_a_crash_is_the_same_bytes()
    {
        var held = await HeldPool.OpenAsync();
        await held.DoAsync("1", Messages.Miner(1));
        await held.DoAsync("2", held.Liar);
        await held.EndEpochAsync();
        await held.DoAsync("4", held.Liar, lies: true);
        await held.EndEpochAsync();
        held.Pool.Close();
        held.Draw();
        var closed = held.State.Epochs.Closed[0].Copy();
        var after = StateCodec.Decode(StateCodec.Encode(held.State)).Epochs.Closed[0];
        var operations = new Payee(held.State.Settings!.OperationsName, held.State.Settings.OperationsAddress);
        var (one, two) = (await EpochRange.WorkAsync(held.Pool.Journal, closed, operations, default), await EpochRange.WorkAsync(held.Pool.Journal, after, operations, default));
        Assert.Equal(one.Ledger.Entries, two.Ledger.Entries);
        Assert.Equal(one.Ledger.Checks, two.Ledger.Checks);
        Assert.Equal(one.Refunds, two.Refunds);
        held.Pool.Settle();
        await held.DoAsync("4", held.Liar, lies: true); // Time passes, and more is decided, before it is sealed.
        var (first, again) = (await held.Pool.WriteAsync(), await held.Pool.WriteAsync());
        Assert.Equal(first.Bytes.ToArray(), again.Bytes.ToArray());
        Assert.Equal(first.Cid, await held.Pool.SealAsync());
    }

    [Fact]
    public async Task The_secret_of_an_epoch_is_in_nothing_that_is_published_before_it_is_sealed()
    {
        var held = await HeldPool.OpenAsync();
        for (var number = 1; number <= 3; number++)
        {
            var secret = Encoding.UTF8.GetBytes(HeldPool.SecretOf(number));
            await held.DoAsync("1", Messages.Miner(1));
            held.Pool.Close();
            held.Draw();
            Assert.DoesNotContain(held.Pool.Published, content => content.Span.IndexOf(secret) >= 0);
            Assert.Equal(-1, StateCodec.Encode(held.State).AsSpan().IndexOf(secret));
            held.Pool.Settle();
            await held.Pool.SealAsync();
            Assert.Contains(held.Pool.Published, content => content.Span.IndexOf(secret) >= 0);
        }
    }

    [Fact]
    public async Task An_operator_who_pays_struck_work_is_found()
    {
        Cid job = default, proof = default;
        await FindsAsync("it pays work that was struck", published: (held, epoch) =>
        {
            var refund = Items<RefundItem>(held, epoch.Refunds!.Items)[0];
            (job, proof) = (refund.JobCid, refund.ProofCid);
            var proofs = Items<EpochProofItem>(held, epoch.Proofs).Append(new EpochProofItem(job, proof, held.Liar, refund.Address, MiningMode.PPS, refund.Price, epoch.EndedAt)).ToList();
            return Paying(held, epoch with { Refunds = null }, proofs);
        });
    }

    [Fact]
    public async Task An_operator_who_keeps_what_goes_back_is_found()
    {
        await FindsAsync("the refunds are not those", published: (_, epoch) => epoch with { Refunds = null });
        await FindsAsync("the refunds are not those", published: (held, epoch) => epoch with
        {
            Refunds = new EpochRefunds(epoch.Refunds!.Total, [Page(held, Items<RefundItem>(held, epoch.Refunds.Items).Select(item => item with { Client = EnsName.Parse("somebody.eth") }))]),
        });
        await FindsAsync("refunds are 1 micro-USDC", published: (_, epoch) => epoch with { Refunds = epoch.Refunds! with { Total = Usdc.FromMicro(1) } });
    }

    [Fact]
    public async Task An_operator_who_keeps_the_fees_or_gives_them_to_another_is_found()
    {
        await FindsAsync(ErrorCodes.CheckersPaid, fact => fact with { Operations = fact.Operations + Sum(fact.Checkers!), Checkers = null });
        await FindsAsync(ErrorCodes.CheckersPaid, fact => fact with { Checkers = [EpochItems.PayoutItem(new Payee(Messages.Miner(9), TestKeys.Of(Messages.Miner(9)).Address), Sum(fact.Checkers!))] });
    }

    [Fact]
    public async Task An_operator_who_cuts_the_fees_is_found() => await FindsAsync(ErrorCodes.CheckersPaid, fact =>
    {
        var cut = fact.Checkers!.Select(item => item with { Amount = Usdc.FromMicro(item.Amount.Micro / 2) }).ToList();
        return fact with { Operations = fact.Operations + Sum(fact.Checkers!) - Sum(cut), Checkers = cut };
    });

    [Fact]
    public async Task An_operator_who_invents_a_check_is_found() => await FindsAsync("the checks are not those", published: (held, epoch) =>
    {
        var checks = Items<EpochCheckItem>(held, epoch.Checks!.Items).Append(new EpochCheckItem(Messages.AnyCid("a job"), Messages.Miner(9), TestKeys.Of(Messages.Miner(9)).Address, Usdc.FromMicro(5), 1)).ToList();
        return epoch with { Checks = new EpochChecks(checks.Count, Usdc.FromMicro(checks.Sum(check => check.Fee.Micro)), [Page(held, checks)]) };
    });

    [Fact]
    public async Task An_operator_who_shows_another_secret_is_found()
    {
        var other = new string('a', 64);
        await FindsAsync("is not the one behind", published: (_, epoch) => epoch with { Draw = epoch.Draw! with { Secret = other } });
        await FindsAsync("its records commit to", published: (_, epoch) => epoch with { Draw = new EpochDraw(Core.Pool.Checks.Draw.CommitmentOf(other), other) });
        await FindsAsync("its records commit to", published: (_, epoch) => epoch with { Draw = null });
    }

    [Fact]
    public async Task An_operator_who_holds_work_for_longer_or_never_pays_it_is_found()
    {
        await FindsAsync("the record that closes it releases", published: (_, epoch) => epoch with { WorkTo = 0 });
        await FindsAsync("the previous epoch paid what was up to", published: (_, epoch) => epoch with { WorkFrom = 2, WorkTo = 2 });
        await FindsAsync("no pool holds it for so long", published: (_, epoch) => epoch with { Number = 5_000, EpochId = "epoch-5000" }, alone: true);
    }

    [Fact]
    public async Task An_operator_who_leaves_a_strike_out_of_the_record_is_found()
    {
        var (held, epochs) = await HeldPool.ToldAsync();
        var told = await held.Pool.RetellAsync(epochs[2], line => line.Replace(",\"struck\":[", ",\"unstruck\":[", StringComparison.Ordinal));
        Assert.NotEmpty((await held.Pool.AuditAsync(told)).Differences);
        told = await held.Pool.RetellAsync(epochs[2], line => Between(line, ",\"struck\":[", "]"));
        Assert.Contains((await held.Pool.AuditAsync(told)).Differences, one => one.What.Contains("the rules decide", StringComparison.Ordinal));
        told = await held.Pool.RetellAsync(epochs[2], line => line.Replace("\"releases_to\":1", "\"releases_to\":2", StringComparison.Ordinal));
        Assert.Contains((await held.Pool.AuditAsync(told)).Differences, one => one.What.Contains("the rules decide", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_miner_sees_what_is_held_when_it_is_paid_and_what_was_struck()
    {
        var (held, epochs) = await HeldPool.ToldAsync();
        var liar = await EarnedAsync(held, epochs[1], held.Liar);
        var one = Assert.Single(liar.Held!);
        Assert.Equal(("epoch-1", "epoch-3", 0L, "0", "2"), (one.EpochId, one.PaidBy, one.Jobs, one.Volume.ToString(), one.Struck.ToString()));
        var honest = await EarnedAsync(held, epochs[1], Messages.Miner(1));
        Assert.Equal([("epoch-1", "epoch-3", "1"), ("epoch-2", "epoch-4", "4")], honest.Held!.Select(its => (its.EpochId, its.PaidBy!, its.Volume.ToString())));
        Assert.Equal(Usdc.Zero, honest.Total);

        var last = await EarnedAsync(held, epochs[^1], Messages.Miner(1));
        Assert.Empty(last.Held!);
        Assert.Equal(("2.5", "5"), (last.Models!.Single().Amount.ToString(), last.Models!.Single().Volume.ToString()));
        Assert.Equal(last.Total.Micro, last.Models!.Single().Amount.Micro + (last.ForChecks ?? Usdc.Zero).Micro);
        Assert.Equal(["epoch-1"], new[] { last.FirstEpoch });
        Assert.Equal((Usdc.Zero, 0), ((await EarnedAsync(held, epochs[^1], held.Liar)) is var its ? (its.Total - (its.ForChecks ?? Usdc.Zero), its.Models!.Count) : default));
    }

    private static async Task<MinerEarnings> EarnedAsync(HeldPool held, Cid last, EnsName miner) =>
        await new EarningsReader(held.Pool.Content, TimeProvider.System).ReadAsync(Messages.Pool, last, miner, new EarningsFilter());

    private static async Task FindsAsync(
        string what, Func<SettlementFact, SettlementFact>? settled = null, Func<HeldPool, EpochSnapshot, EpochSnapshot>? published = null, bool alone = false)
    {
        var (held, epochs) = await HeldPool.ToldAsync(settled);
        var cid = epochs[2];
        if (published is not null)
        {
            cid = await held.Pool.PublishAsync(published(held, await held.Pool.FetchAsync(cid)));
        }

        foreach (var report in new[] { await held.Pool.AuditAloneAsync(cid), alone ? null : await held.Pool.AuditAsync(cid) }.OfType<EpochAuditReport>())
        {
            Assert.True(report.Differences.Any(one => one.What.Contains(what, StringComparison.Ordinal)), string.Join('\n', report.Differences));
        }
    }

    // All that an epoch says of its proofs, made anew: only the records say otherwise.
    private static EpochSnapshot Paying(HeldPool held, EpochSnapshot epoch, List<EpochProofItem> proofs)
    {
        var volume = Usdc.FromMicro(proofs.Sum(proof => proof.Price.Micro));
        var ledger = EpochItems.Ledger(epoch, proofs, null, Items<EpochCheckItem>(held, epoch.Checks!.Items));
        var outcome = held.Pool.Policy.Settle(ledger, "");
        var paid = CheckFees.Apply(ledger.Checks, outcome.Settlement.Operations);
        var (operations, miners) = (epoch.Settlements.Operations with { Amount = paid.Operations }, outcome.Settlement.Miners.Select(one => EpochItems.PayoutItem(one.To, one.Amount)).ToList());
        var checkers = CheckFees.Items(paid)!;
        return epoch with
        {
            Proofs = [Page(held, proofs)],
            ProofsCount = proofs.Count,
            JobsCount = proofs.Select(proof => proof.JobCid).Distinct().Count(),
            TotalVolumeUsdc = volume,
            MerkleRoot = EpochRoots.OfProofs(proofs),
            PayoutRoot = EpochRoots.OfPayouts(operations, [.. miners, .. checkers]),
            Settlements = new EpochSettlements(volume, Sum(miners), paid.Operations, operations, [Page(held, miners)]) { Checkers = [Page(held, checkers)] },
        };
    }

    private static Usdc Sum(IEnumerable<PayoutItem> items) => items.Aggregate(Usdc.Zero, static (sum, item) => sum + item.Amount);

    private static Cid Page<T>(HeldPool held, IEnumerable<T> items) => held.Pool.Put(SnapshotCodec.EncodePage<T>([.. items]));

    private static IReadOnlyList<T> Items<T>(HeldPool held, IReadOnlyList<Cid> pages) => [.. pages.SelectMany(page =>
    {
        Assert.True(SnapshotCodec.TryDecodePage<T>(held.Pool.Get(page), out var items, out var refusal), refusal?.ToString());
        return items;
    })];

    // Takes a member out of a line.
    private static string Between(string line, string from, string to)
    {
        var at = line.IndexOf(from, StringComparison.Ordinal);
        return at < 0 ? line : line.Remove(at, line.IndexOf(to, at, StringComparison.Ordinal) + to.Length - at);
    }
}
