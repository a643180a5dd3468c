namespace SwarmPool.Core.Auditing;

/// <summary>Remarks as they are found, each with the money that hangs on it, which may grow as more is read.</summary>
/// <remarks>Not thread-safe. A pool can cause as many as it likes: from some thousand on they are only counted, their money with them.</remarks>
internal sealed class RemarkList
{
    private const int MostKept = 10_000;

    private readonly List<Entry> kept = [];
    private readonly Entry others = new("", 0, "");

    public long Count { get; private set; }

    /// <summary>The money that hangs on all of them.</summary>
    public Int128 Micro => kept.Aggregate(others.Micro, static (sum, entry) => sum + entry.Micro);

    /// <summary>The 100 with the most money, that first.</summary>
    public IReadOnlyList<AuditRemark> Listed =>
    [
        .. kept.OrderByDescending(static entry => entry.Micro).ThenBy(static entry => entry.Record).Take(AuditFindings.MaxListed)
            .Select(static entry => new AuditRemark(entry.Kind, entry.Record, SafeText.Of(entry.What), Clamp(entry.Micro))),
    ];

    /// <summary>Adds one, and gives what its money is added to.</summary>
    public Entry Add(string kind, long record, string what, Int128 micro = default)
    {
        Count++;
        var entry = kept.Count < MostKept ? new Entry(kind, record, what) : others;
        entry.Micro += micro;
        if (entry != others)
        {
            kept.Add(entry);
        }

        return entry;
    }

    /// <summary>As a number that reports have.</summary>
    public static long Clamp(Int128 micro) => (long)Int128.Min(micro, long.MaxValue);

    internal sealed class Entry(string kind, long record, string what)
    {
        public string Kind => kind;

        public long Record => record;

        public string What { get; set; } = what;

        public Int128 Micro { get; set; }
    }
}
