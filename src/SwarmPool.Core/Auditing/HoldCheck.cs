using System.Globalization;
using System.Security.Cryptography;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// What an epoch says of work that is held back: whose work it pays, what goes back to clients, which checks it pays for, and what its draws
/// were made by.
/// </summary>
/// <remarks>Pure.</remarks>
internal static class HoldCheck
{
    /// <summary>Whether it may pay work that is so old: an epoch that is audited alone is not read with more before it than there can be.</summary>
    public static bool IsTooOld(EpochSnapshot epoch) => epoch.WorkFrom < epoch.Number - CheckSettings.MostHoldEpochs;

    /// <summary>In what its lists differ from what it says of them.</summary>
    public static IEnumerable<string> Lists(EpochSnapshot epoch, IReadOnlyList<EpochProofItem> proofs, IReadOnlyList<EpochCheckItem> checks, IReadOnlyList<RefundItem> refunds)
    {
        var fees = checks.Aggregate((Int128)0, static (sum, check) => sum + check.Fee.Micro);
        if ((epoch.Checks is { } said ? (said.Count, (Int128)said.Fees.Micro) : (0, 0)) != (checks.Count, fees))
        {
            yield return Text($"checks are {epoch.Checks?.Count ?? 0} for {epoch.Checks?.Fees.Micro ?? 0} micro-USDC; the pages give {checks.Count} for {fees}");
        }

        var total = refunds.Aggregate((Int128)0, static (sum, refund) => sum + refund.Price.Micro);
        if ((epoch.Refunds?.Total.Micro ?? 0) != total)
        {
            yield return Text($"refunds are {epoch.Refunds?.Total.Micro ?? 0} micro-USDC; the pages give {total}");
        }

        var paid = proofs.Select(static proof => proof.ProofCid).ToHashSet();
        foreach (var refund in refunds)
        {
            if (!paid.Add(refund.ProofCid))
            {
                yield return $"proof {refund.ProofCid} goes back to its client, and is paid or goes back already";
            }
        }
    }

    /// <summary>In what it differs from the record that closes it.</summary>
    public static IEnumerable<string> Closing(EpochSnapshot epoch, EpochClosed closed)
    {
        if ((epoch.WorkFrom, epoch.WorkTo) != (closed.ReleasesFrom, closed.ReleasesTo))
        {
            yield return $"it says that it pays the work of {Range(epoch.WorkFrom, epoch.WorkTo)}; the record that closes it releases that of {Range(closed.ReleasesFrom, closed.ReleasesTo)}";
        }
    }

    /// <summary>In what it differs from the work that the records decided, and did not strike.</summary>
    public static IEnumerable<string> Work(EpochPages pages, ReleasedWork work)
    {
        if (!work.Entries.Select(EpochItems.ProofItem).SequenceEqual(pages.Proofs))
        {
            yield return work.Refunds.Count > 0 && pages.Proofs.Count > work.Entries.Count
                ? "the proofs are not those that the journal's records decided: it pays work that was struck"
                : "the proofs are not those that the journal's records decided";
        }

        if (!work.Refunds.SequenceEqual(pages.Refunds))
        {
            yield return Text($"the refunds are not those of the work that was struck: it lists {pages.Refunds.Count}, the records give {work.Refunds.Count}");
        }

        if (!work.Checks.Select(EpochItems.CheckItem).SequenceEqual(pages.Checks))
        {
            yield return Text($"the checks are not those that the journal's records decided: it lists {pages.Checks.Count}, the records give {work.Checks.Count}");
        }
    }

    /// <summary>In what the secret differs from what was committed.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="committed">What its records say was committed when it opened; null: nothing.</param>
    public static IEnumerable<string> Draw(EpochSnapshot epoch, string? committed)
    {
        if (epoch.Draw?.Commitment != committed)
        {
            yield return $"its draws are said to be made by the secret behind {epoch.Draw?.Commitment ?? "nothing"}; its records commit to {committed ?? "none"}";
        }

        if (epoch.Draw is { } draw && Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(draw.Secret))) != draw.Commitment)
        {
            yield return $"the secret of its draws is not the one behind {draw.Commitment}";
        }
    }

    private static string Range(long? from, long? to) => from is null || to is null ? "its own" : from > to ? $"no epoch, the next being {EpochAccount.IdOf(from.Value)}" : $"{EpochAccount.IdOf(from.Value)} to {EpochAccount.IdOf(to.Value)}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
