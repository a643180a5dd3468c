using SwarmPool.Identity;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Listing;

/// <summary>Which of a miner's earnings are summed up.</summary>
public sealed record EarningsFilter
{
    /// <summary>Whether they are split by model too, which takes reading the records of each epoch that paid. The default value is true.</summary>
    public bool ByModel { get; init; } = true;

    /// <summary>What one model earned; null: all. Needs <see cref="ByModel"/>.</summary>
    public string? Model { get; init; }

    /// <summary>When the epochs ended that paid, and how many days are shown; the sums are of all.</summary>
    public ListRange Range { get; init; } = new();
}

/// <summary>What sealed epochs pay a miner.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Miner">The miner.</param>
/// <param name="Total">The sum of all that pass the filter, those of days that are not shown among them.</param>
/// <param name="Epochs">How many epochs paid.</param>
/// <param name="FirstEpoch">The oldest epoch that was read; null when none was.</param>
/// <param name="LastEpoch">The newest sealed epoch; null when the pool has sealed none.</param>
/// <param name="Days">By the day on which the epoch ended, UTC, the newest first.</param>
/// <param name="MoreDays">How many older days there are beyond those.</param>
/// <param name="Models">By model, what earned most first; null when that was not asked.</param>
/// <param name="Unread">Why nothing older could be read, so that the sums lack it; null when all was.</param>
public sealed record MinerEarnings(
    EnsName Pool, EnsName Miner, Usdc Total, long Epochs, string? FirstEpoch, string? LastEpoch, IReadOnlyList<DayEarnings> Days, long MoreDays,
    IReadOnlyList<ModelEarnings>? Models, EarningsGap? Unread)
{
    /// <summary>What of <see cref="Total"/> was paid for checks of others' work, which has no model; null when nothing was.</summary>
    public Usdc? ForChecks { get; init; }

    /// <summary>
    /// What is decided in sealed epochs and held back, oldest first: epochs with none of the miner's work are left out. Null where the pool holds
    /// nothing back, and where earnings by model are not asked, since it takes reading records.
    /// </summary>
    public IReadOnlyList<HeldEarnings>? Held { get; init; }

    /// <summary>Of a pool that has sealed no epoch.</summary>
    public static MinerEarnings None(EnsName pool, EnsName miner, EarningsFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new(pool, miner, Usdc.Zero, 0, null, null, [], 0, filter.ByModel ? [] : null, null);
    }
}

/// <summary>What the epochs of a day pay.</summary>
/// <param name="Day">The day, UTC, as 2026-11-30.</param>
/// <param name="Epochs">How many epochs paid.</param>
/// <param name="Amount">How much.</param>
public sealed record DayEarnings(string Day, long Epochs, Usdc Amount);

/// <summary>What was paid for a model.</summary>
/// <param name="Model">The model; null: for no job of the miner's own in that epoch, or for jobs that could not be read.</param>
/// <param name="Jobs">How many proofs of the miner's decided jobs for it.</param>
/// <param name="Volume">The prices of those.</param>
/// <param name="Amount">How much was paid: of each epoch's payout the part that the model has of the prices of the miner's own work in it.</param>
public sealed record ModelEarnings(string? Model, long Jobs, Usdc Volume, Usdc Amount);

/// <summary>Where reading ended before the first epoch.</summary>
/// <param name="Before">The last epoch whose payouts are among the sums, so that those before it are not; null when there is none.</param>
/// <param name="Code">Why, as a code.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record EarningsGap(string? Before, string Code, string Reason);

/// <summary>How far reading is.</summary>
/// <param name="Epoch">The epoch that is read; from the last to the first.</param>
/// <param name="Last">The last.</param>
public sealed record EarningsProgress(long Epoch, long Last);

/// <summary>A miner's work of one epoch that is held back.</summary>
/// <param name="EpochId">The epoch that it was decided in.</param>
/// <param name="PaidBy">The epoch that pays it, if nothing is found wrong until then and the pool goes on to hold work as long as now; null: that can't be told yet.</param>
/// <param name="Jobs">How many proofs of the miner's.</param>
/// <param name="Volume">The prices of those; what an epoch pays of them is the policy's to say.</param>
/// <param name="Struck">The prices of what goes back to clients instead, since work with that model was found wrong; not among the volume.</param>
public sealed record HeldEarnings(string EpochId, string? PaidBy, long Jobs, Usdc Volume, Usdc Struck);
