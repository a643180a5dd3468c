using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.State;

namespace SwarmPool.Plugins.Redis.Journal;

/// <summary>
/// Reads a journal from its primary, page by page, checking on the way that each record follows the one before it. That its bytes match
/// its hash is for whoever decodes them to check.
/// </summary>
internal sealed class RedisJournalPages(ServerConnection connection, PoolKeys keys, string location)
{
    // What a page weighs: enough that the way to the server does not count, little enough that nobody waits behind it.
    private const int PageBytes = 1024 * 1024;
    private const int FirstPage = 16;
    private const int LongestPage = 4096;
    private const string LastScript = "return redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)";
    private static readonly string HeadScript = Script.Read("Journal.Scripts.head");
    private static readonly string PageScript = Script.Read("Journal.Scripts.page");

    /// <exception cref="JournalException">There is no journal, or it can't be read.</exception>
    public async Task<JournalHead> HeadAsync(CancellationToken cancellationToken)
    {
        var answer = (RedisValue[])(await RunAsync("reading its head", HeadScript, [keys.Head, keys.Format], [], cancellationToken))!;
        if (answer[0].IsNull)
        {
            throw JournalErrors.Missing(location);
        }

        if (answer[1] != JournalCalls.Format)
        {
            throw JournalErrors.Damaged(location, $"it has format {answer[1]}, and this version reads {JournalCalls.Format}: use the version that wrote it");
        }

        return HeadFormat.Parse(answer[0]) ?? throw JournalErrors.Damaged(location, "its head can't be read");
    }

    /// <summary>The records from a sequence on, up to the head at the time of the call.</summary>
    public async IAsyncEnumerable<JournalRecord> ReadAsync(long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var head = await HeadAsync(cancellationToken);
        var next = from;
        ReadOnlyMemory<byte>? previous = null;
        for (var size = FirstPage; next <= head.Sequence;)
        {
            var page = await PageAsync(next, head.Sequence, size, cancellationToken);
            var (start, bytes) = (next, 0L);
            foreach (var record in page.SelectMany(entry => RecordChunks.Read(location, entry)))
            {
                bytes += record.Body.Length;
                if (record.Sequence < next)
                {
                    continue; // The first page's first chunk begins before what was asked for.
                }

                if (record.Sequence != next || (previous is { } last && !record.Previous.Span.SequenceEqual(last.Span)))
                {
                    throw JournalErrors.Damaged(location, $"record {next} {(record.Sequence == next ? "does not follow the one before it" : "is missing")}");
                }

                cancellationToken.ThrowIfCancellationRequested();
                yield return record;
                (previous, next) = (record.Hash, next + 1);
            }

            if (next == start)
            {
                throw JournalErrors.Damaged(location, $"record {next} is missing");
            }

            size = (int)Math.Clamp(size * (double)PageBytes / Math.Max(1, bytes), Math.Max(1, size / 8), Math.Min(LongestPage, size * 8));
        }
    }

    /// <summary>Sees that the last record is whole, before anybody writes after it.</summary>
    /// <exception cref="JournalException">It is not.</exception>
    public async Task CheckTailAsync(CancellationToken cancellationToken)
    {
        var last = (RedisResult[])(await RunAsync("reading its last record", LastScript, [keys.Records], [], cancellationToken))!;
        if (last.Length > 0 && RecordChunks.Read(location, last[0])[^1] is var record && !SHA256.HashData(record.Body.Span).AsSpan().SequenceEqual(record.Hash.Span))
        {
            throw JournalErrors.Damaged(location, $"record {record.Sequence} (the last) does not match its hash");
        }
    }

    private async Task<RedisResult[]> PageAsync(long from, long to, int entries, CancellationToken cancellationToken) => (RedisResult[])(await RunAsync(
        "reading", PageScript, [keys.Format, keys.Records], [PoolKeys.ChunkId(from), PoolKeys.ChunkId(to), entries], cancellationToken))!;

    private Task<RedisResult> RunAsync(string doing, string script, RedisKey[] scriptKeys, RedisValue[] arguments, CancellationToken cancellationToken) =>
        JournalErrors.NamedAsync(
            location,
            doing,
            () => connection.CallAsync((database, _) => database.ScriptEvaluateAsync(script, scriptKeys, arguments, CommandFlags.DemandMaster), cancellationToken));
}
