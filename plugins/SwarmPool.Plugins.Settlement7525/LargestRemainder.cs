using SwarmPool.Settlement;

namespace SwarmPool.Plugins.Settlement7525;

/// <summary>
/// Splits a pot by weight so that the parts sum to the pot exactly: everybody gets the floor of its quota, and the micro-units
/// that are left go one each to the largest remainders; equal remainders in the order of the list.
/// </summary>
/// <remarks>
/// Products are at most 2^63 × 2^63 and fit an <see cref="Int128"/>. Pure. The method of Hamilton, as in apportionment.
/// </remarks>
internal static class LargestRemainder
{
    /// <summary>Splits <paramref name="pot"/>.</summary>
    /// <param name="pot">What there is, in micro-USDC; at most <paramref name="total"/>.</param>
    /// <param name="total">The sum of the weights.</param>
    /// <param name="weights">Each payee's weight, in the order that decides ties.</param>
    public static IEnumerable<(Payee To, Int128 Micro)> Split(Int128 pot, Int128 total, IReadOnlyList<(Payee To, Int128 Micro)> weights)
    {
        var parts = new Int128[weights.Count];
        if (total > 0)
        {
            var remainders = new (Int128 Remainder, int At)[weights.Count];
            var left = pot;
            for (var i = 0; i < parts.Length; i++)
            {
                (parts[i], var remainder) = Int128.DivRem(checked(pot * weights[i].Micro), total);
                remainders[i] = (remainder, i);
                left -= parts[i];
            }

            Array.Sort(remainders, static (a, b) => a.Remainder != b.Remainder ? b.Remainder.CompareTo(a.Remainder) : a.At.CompareTo(b.At));
            for (var i = 0; i < left; i++)
            {
                parts[remainders[i].At]++;
            }
        }

        return weights.Select((weight, i) => (weight.To, parts[i]));
    }
}
