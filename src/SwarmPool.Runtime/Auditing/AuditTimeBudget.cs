namespace SwarmPool.Runtime.Auditing;

/// <summary>
/// How long an audit asks the world about what strangers named: names and contents are theirs to make up by the million, and to make
/// slow to fetch. An audit ends all the same, and says what it did not ask.
/// </summary>
/// <remarks>Thread-safe; begins when it is made.</remarks>
internal sealed class AuditTimeBudget(TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly long since = time.GetTimestamp();

    public bool IsOver => time.GetElapsedTime(since) > Limit;
}
