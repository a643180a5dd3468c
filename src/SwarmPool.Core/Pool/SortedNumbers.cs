namespace SwarmPool.Core.Pool;

/// <summary>Numbers in order, of which each knows how many are before it. Adding, removing and counting cost about the root of how many there are.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SortedNumbers
{
    private const int MostInOne = 1024;

    private readonly List<List<long>> parts = new(1);

    public int Count { get; private set; }

    /// <summary>Adds a number that is not there.</summary>
    public void Add(long number)
    {
        var at = PartOf(number);
        if (at == parts.Count)
        {
            // The usual case: jobs come in the order of their numbers.
            if (at == 0 || parts[at - 1].Count >= MostInOne)
            {
                parts.Add(new List<long>(1));
            }
            else
            {
                at--;
            }
        }

        var part = parts[at];
        part.Insert(~part.BinarySearch(number), number);
        Count++;
        if (part.Count > MostInOne)
        {
            parts.Insert(at + 1, part[(MostInOne / 2)..]);
            part.RemoveRange(MostInOne / 2, part.Count - (MostInOne / 2));
        }
    }

    /// <summary>Removes a number that is there.</summary>
    public void Remove(long number)
    {
        var at = PartOf(number);
        var part = parts[at];
        part.RemoveAt(part.BinarySearch(number));
        Count--;
        if (part.Count == 0)
        {
            parts.RemoveAt(at);
        }
    }

    /// <summary>How many are smaller.</summary>
    public int CountBelow(long number)
    {
        var at = PartOf(number);
        var below = 0;
        for (var i = 0; i < at; i++)
        {
            below += parts[i].Count;
        }

        if (at == parts.Count)
        {
            return below;
        }

        var found = parts[at].BinarySearch(number);
        return below + (found < 0 ? ~found : found);
    }

    /// <summary>The first part whose last number is not smaller; as many as there are when all are.</summary>
    private int PartOf(long number)
    {
        var (from, to) = (0, parts.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (parts[middle][^1] < number)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }
}
