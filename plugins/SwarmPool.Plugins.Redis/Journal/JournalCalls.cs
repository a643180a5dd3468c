using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>The scripts that write a journal, each one atomic call. All but reading goes to the primary.</summary>
internal sealed class JournalCalls(ServerConnection connection, PoolKeys keys, ReplicatedCall replicas)
{
    public const string Format = "1";

    private static readonly HashedScript AcquireScript = new(Script.Read("Journal.Scripts.acquire"));
    private static readonly string RenewScript = Script.Read("Journal.Scripts.renew");
    private static readonly string ReleaseScript = Script.Read("Journal.Scripts.release");
    private static readonly HashedScript AppendScript = new(Script.Read("Journal.Scripts.append"));
    private static readonly string CheckScript = Script.Read("Journal.Scripts.check");
    private static readonly string CursorScript = Script.Read("Journal.Scripts.cursor");

    private readonly RedisKey[] acquireKeys = [keys.Head, keys.Fence, keys.Lease, keys.Records, keys.Format];
    private readonly RedisKey[] appendKeys = [keys.Head, keys.Records];

    /// <summary>The journal's name for people: the server and the pool.</summary>
    public string Location { get; } = $"{connection.Location} of {keys.Pool}";

    public async Task<JournalLease> AcquireAsync(string pool, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        RedisValue[] arguments = [pool, Format, owner, (long)Math.Ceiling(duration.TotalMilliseconds), token];

        // A fence that only a primary knows would be given again by the replica that takes its place.
        var answer = (RedisResult[])(await JournalErrors.NamedAsync(
            Location,
            "taking the lease",
            () => connection.CallAsync((database, _) => replicas.EvaluateAsync(database, AcquireScript, acquireKeys, arguments, static answer => (string?)answer[0] == "taken"), cancellationToken)))!;
        var detail = (string?)answer[1] ?? "";
        return (string?)answer[0] switch
        {
            "taken" => new JournalLease(long.Parse(detail, CultureInfo.InvariantCulture), owner),
            "held" => throw new JournalException(
                JournalFault.Held, $"The journal {Location} is held by {Clean(detail)} since {Instant(answer[2])}. Stop that process, or wait until its lease lapses."),
            "other" => throw OtherPool(detail, pool),
            "format" => throw JournalErrors.Damaged(Location, $"it has format {detail}, and this version reads {Format}: use the version that wrote it"),
            _ => throw JournalErrors.Damaged(Location, detail),
        };
    }

    public JournalException OtherPool(string known, string wanted) =>
        new(JournalFault.OtherPool, $"The journal {Location} belongs to the pool {known}, not to {wanted}. Fix the option 'pool' or the pool's name.");

    public Task RenewAsync(long fence, CancellationToken cancellationToken) =>
        FencedAsync("renewing the lease", RenewScript, [keys.Lease], fence, [], cancellationToken);

    public Task ReleaseAsync(long fence, CancellationToken cancellationToken) =>
        FencedAsync("giving the lease back", ReleaseScript, [keys.Lease, keys.Head], fence, [], cancellationToken);

    public Task SaveCursorAsync(long fence, string cursor, long sequence, CancellationToken cancellationToken) =>
        FencedAsync("saving a cursor", CursorScript, [keys.Lease, keys.Cursors], fence, [cursor, sequence], cancellationToken);

    public async Task<long> LoadCursorAsync(string cursor, CancellationToken cancellationToken) => (long)await JournalErrors.NamedAsync(
        Location, "reading a cursor", () => connection.CallAsync((database, _) => database.HashGetAsync(keys.Cursors, cursor, CommandFlags.DemandMaster), cancellationToken));

    /// <summary>Appends a batch once, however often the server had to be asked.</summary>
    public async Task AppendAsync(long fence, IReadOnlyList<JournalRecord> batch, CancellationToken cancellationToken)
    {
        var arguments = RecordChunks.Arguments(Location, fence, batch);
        var answer = await JournalErrors.NamedAsync(
            Location,
            "appending",
            () => connection.CallAsync(
                (database, before) =>
                {
                    arguments[RecordChunks.AskedAgain] = before == 0 ? 0 : 1;
                    return replicas.EvaluateAsync(database, AppendScript, appendKeys, arguments, IsAppended);
                },
                cancellationToken),
            "Whether the batch was appended is unknown: read the head before anything else.");
        if (!IsAppended(answer))
        {
            throw JournalErrors.Refused(Location, fence, (RedisResult[])answer!);
        }
    }

    /// <summary>Sees that the fence is the one that counts.</summary>
    public Task CheckFenceAsync(long fence, CancellationToken cancellationToken) =>
        FencedAsync("checking the lease", CheckScript, [keys.Lease], fence, [], cancellationToken);

    /// <summary>Runs a script that looks at the fence first; its other arguments follow.</summary>
    public async Task<RedisResult[]> FencedAsync(
        string doing, string script, RedisKey[] scriptKeys, long fence, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(doing, script, scriptKeys, [fence, .. arguments], cancellationToken);
        JournalErrors.Check(Location, fence, answer);
        return answer;
    }

    public Task<RedisResult[]> RunAsync(string doing, string script, RedisKey[] scriptKeys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        JournalErrors.NamedAsync(
            Location,
            doing,
            () => connection.CallAsync(
                async (database, _) => (RedisResult[])(await database.ScriptEvaluateAsync(script, scriptKeys, arguments, CommandFlags.DemandMaster))!,
                cancellationToken));

    public static string Instant(RedisResult milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static bool IsAppended(RedisResult answer) => answer.Resp2Type == ResultType.Integer;

    private static string Clean(string owner) => string.Concat(owner.Select(static c => char.IsControl(c) ? '?' : c));
}
