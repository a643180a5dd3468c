using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Collections;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Reader;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Miner;

/// <summary>What the miner has earned: only what a sealed epoch, signed by the pool, pays to its name, for jobs and for checks.</summary>
internal sealed class Earnings(
    PoolListener listener, StateSource source, MinerMessageFactory messages, MinerCounts counts, IMinerObserver observer, TimeProvider time, ILogger<Earnings> logger)
{
    private const int Tries = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<EpochSealedItem> queue = Channel.CreateBounded<EpochSealedItem>(256);
    private readonly BoundedCache<string, bool> booked = new(10_000);

    public void Hear(Snapshot announcement)
    {
        if (announcement is not EpochsSealed epochs)
        {
            return;
        }

        foreach (var item in epochs.Items)
        {
            if (!queue.Writer.TryWrite(item))
            {
                MinerLog.EpochUnreadable(logger, item.EpochId, "too many sealed epochs wait to be read");
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var item in queue.Reader.ReadAllAsync(cancellationToken))
        {
            if (!booked.TryGet(item.EpochId, out _))
            {
                await BookAsync(item, cancellationToken);
            }
        }
    }

    private async Task BookAsync(EpochSealedItem item, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (amount, refusal) = await ReadAsync(item, cancellationToken);
            if (refusal is null)
            {
                booked.Set(item.EpochId, true);
                if (amount > Usdc.Zero)
                {
                    observer.Earned(item.EpochId, amount, counts.Earn(amount));
                }

                return;
            }

            if (attempt == Tries || !PassingRefusals.Contains(refusal.Code))
            {
                MinerLog.EpochUnreadable(logger, item.EpochId, refusal.ToString());
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(attempt), time, cancellationToken);
        }
    }

    private async Task<(Usdc Amount, Refusal? Refusal)> ReadAsync(EpochSealedItem item, CancellationToken cancellationToken)
    {
        var (signed, refusal) = await listener.FetchAsync(item.Cid, SnapshotTypes.Epoch, Patience, cancellationToken);
        if (signed is null)
        {
            return (default, refusal);
        }

        if (signed.Body is not EpochSnapshot epoch || epoch.EpochId != item.EpochId)
        {
            return (default, new Refusal(ErrorCodes.WrongSigner, $"What {item.Cid} holds is not {item.EpochId}, signed by the pool."));
        }

        var (mined, unread) = await SumAsync(epoch.Settlements.Miners, cancellationToken);
        if (unread is not null)
        {
            return (default, unread);
        }

        var (checked_, unseen) = await SumAsync(epoch.Settlements.Checkers ?? [], cancellationToken);
        return unseen is null ? (mined + checked_, null) : (default, unseen);
    }

    private async Task<(Usdc Amount, Refusal? Refusal)> SumAsync(IReadOnlyList<Cid> pages, CancellationToken cancellationToken)
    {
        var sum = Usdc.Zero;
        await foreach (var page in source.Pages.PagesAsync<PayoutItem>(pages, PageReader.MostItems, cancellationToken))
        {
            if (page.Refusal is not null)
            {
                return (default, page.Refusal);
            }

            foreach (var payout in page.Items)
            {
                if (payout.Miner == messages.Miner)
                {
                    sum += payout.Amount;
                }
            }

            if (page.Items.Count > 0 && page.Items[^1].Miner.CompareTo(messages.Miner) > 0)
            {
                break; // Pages are in the order of names.
            }
        }

        return (sum, null);
    }
}
