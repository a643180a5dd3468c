using SwarmPool.Settlement;

namespace CustomSettlement;

/// <summary>The shares of this epoch and of those before, newest first.</summary>
/// <remarks>
/// It is carried as text of at most <see cref="MaxBytes"/>. What does not fit is forgotten, oldest epoch first, and within an epoch
/// that does not fit by itself the smallest shares first (of equal ones the last by name and address). A forgotten share is not paid
/// in later epochs: the window is shorter then, and what it holds is still split exactly.
/// </remarks>
internal sealed class ShareWindow(IReadOnlyList<EpochShares> epochs)
{
    /// <summary>The most bytes a policy state may have.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>Reads the state that <see cref="Write"/> made; a state of another rule is an empty window.</summary>
    public static ShareWindow Read(string state) => new(WindowText.Read(state));

    /// <summary>The window with a newer epoch before it.</summary>
    public ShareWindow With(EpochShares newest) => new([newest, .. epochs]);

    /// <summary>How much of the last N shares each payee has; payees with none left are there with zero.</summary>
    /// <param name="size">N, in shares.</param>
    /// <param name="payable">Who can be paid; nobody else is in the result.</param>
    public SortedDictionary<Payee, Int128> Weights(long size, HashSet<Payee> payable)
    {
        var weights = new SortedDictionary<Payee, Int128>(PplnsPayeeOrder.ByNameAndAddress);
        Int128 left = size;
        foreach (var epoch in epochs)
        {
            Int128 seen = 0;
            Int128 before = 0;
            var part = Int128.Min(left, epoch.Total);
            foreach (var (payee, shares) in epoch.Shares.OrderBy(static one => one.Key, PplnsPayeeOrder.ByNameAndAddress))
            {
                // An epoch that is reached in part counts in proportion, rounded as the policy's own split is.
                seen += shares;
                var upTo = epoch.Total == 0 ? 0 : part * seen / epoch.Total;
                if (payable.Contains(payee))
                {
                    weights[payee] = weights.GetValueOrDefault(payee) + upTo - before;
                }

                before = upTo;
            }

            left -= part;
        }

        return weights;
    }

    /// <summary>The window as text, without the epochs that no later one will reach.</summary>
    /// <param name="size">N, in shares.</param>
    public string Write(long size)
    {
        var text = new WindowText(MaxBytes);
        Int128 left = size;
        foreach (var epoch in epochs)
        {
            if (left <= 0 || !text.Add(epoch))
            {
                break;
            }

            left -= epoch.Total;
        }

        return text.ToString();
    }
}
