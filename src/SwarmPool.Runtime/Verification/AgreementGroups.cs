using System.Numerics;

namespace SwarmPool.Runtime.Verification;

/// <summary>
/// Which of a job's outputs belong together. "Agrees with" need not be transitive: one output may be near to two that are not near to each other. So a group
/// that counts is a clique, all of whose members agree with one another, of more than half of all; and whoever is in such a clique is right.
/// </summary>
/// <remarks>Pure; thread-safe.</remarks>
internal static class AgreementGroups
{
    /// <summary>The most outputs of a job: replicas and their checkers.</summary>
    public const int Most = 16;

    /// <summary>
    /// The groups, each output in one: first those who are in a clique of more than half, if there is one; then the rest, the greatest clique of them first, of
    /// equals the one with the lower numbers.
    /// </summary>
    /// <param name="count">How many outputs, 0 to <see cref="Most"/>.</param>
    /// <param name="agree">Whether two of them agree, the lower number first; symmetric.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Of(int count, Func<int, int, bool> agree)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Most);
        var friends = Friends(count, agree);
        var groups = new List<IReadOnlyList<int>>();
        var left = (1u << count) - 1;
        if (Majority(count, friends) is var majority and not 0)
        {
            groups.Add(Members(majority));
            left &= ~majority;
        }

        while (left != 0)
        {
            var greatest = Greatest(left, friends);
            groups.Add(Members(greatest));
            left &= ~greatest;
        }

        return groups;
    }

    private static uint[] Friends(int count, Func<int, int, bool> agree)
    {
        var friends = new uint[count];
        for (var one = 0; one < count; one++)
        {
            friends[one] |= 1u << one;
            for (var other = one + 1; other < count; other++)
            {
                if (agree(one, other))
                {
                    friends[one] |= 1u << other;
                    friends[other] |= 1u << one;
                }
            }
        }

        return friends;
    }

    // All members of all cliques of more than half.
    private static uint Majority(int count, uint[] friends)
    {
        var members = 0u;
        for (var set = 1u; set < 1u << count; set++)
        {
            if (2 * BitOperations.PopCount(set) > count && IsClique(set, friends))
            {
                members |= set;
            }
        }

        return members;
    }

    private static uint Greatest(uint among, uint[] friends)
    {
        var greatest = 0u;
        for (var set = among; set != 0; set = (set - 1) & among)
        {
            var (more, size) = (BitOperations.PopCount(set) - BitOperations.PopCount(greatest), set);
            if ((more > 0 || (more == 0 && BitOperations.TrailingZeroCount(size ^ greatest) is var at && (size >> at & 1) == 1)) && IsClique(set, friends))
            {
                greatest = set;
            }
        }

        return greatest;
    }

    private static bool IsClique(uint set, uint[] friends)
    {
        for (var left = set; left != 0; left &= left - 1)
        {
            if ((set & ~friends[BitOperations.TrailingZeroCount(left)]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static List<int> Members(uint set)
    {
        var members = new List<int>();
        for (; set != 0; set &= set - 1)
        {
            members.Add(BitOperations.TrailingZeroCount(set));
        }

        return members;
    }
}
