using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;
using SwarmPool.Plugins.Redis;
using SwarmPool.RedisServers;
using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.RedisLoad;

/// <summary>
/// Batches one after the other, as a daemon appends them, to the journal and bare: a pipeline of one XADD a record with the record's body,
/// by the same client library to the same server, which has the same durability. They take turns, so that both have the same machine.
/// </summary>
internal static class AppendRate
{
    private const int WarmUp = 3;
    private const int RunBatches = 2000;
    private const int RunRecords = 40_000;

    public static async Task RunAsync(int pairs, IReadOnlyList<int> batches, int bytes, string sync, TextWriter output)
    {
        await using var server = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", sync, "--auto-aof-rewrite-percentage", "0");
        var durability = sync == "always" ? RedisDurability.Always : RedisDurability.Everysec;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pairs} pairs in turns, records of {bytes} bytes, appendfsync {sync}; records a second: median (quartiles)"));
        output.WriteLine("| records in a batch | bare | journal | journal / bare, pair by pair | range | fastest runs |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (var batch in batches)
        {
            await using var bare = await BareLog.OpenAsync(server.Configuration, batch);
            await using var journal = await JournalLog.OpenAsync(server.Configuration, string.Create(CultureInfo.InvariantCulture, $"b{batch}.eth"), durability, batch, bytes);
            List<double> bareRates = [], journalRates = [];
            for (var i = -WarmUp; i < pairs; i++)
            {
                var count = Math.Min(RunBatches, RunRecords / batch);
                bare.Prepare(journal.Prepare(count));
                var journalFirst = i % 2 == 0;
                var first = await RateAsync(journalFirst ? journal.AppendAsync : bare.AppendAsync, count, batch);
                var second = await RateAsync(journalFirst ? bare.AppendAsync : journal.AppendAsync, count, batch);
                if (i >= 0)
                {
                    journalRates.Add(journalFirst ? first : second);
                    bareRates.Add(journalFirst ? second : first);
                }
            }

            var ratios = journalRates.Zip(bareRates, static (own, plain) => own / plain).ToList();
            output.WriteLine($"| {batch} | {Shown(bareRates, "0")} | {Shown(journalRates, "0")} | {Shown(ratios, "0.00")} | {Number(ratios.Min(), "0.00")}–{Number(ratios.Max(), "0.00")} | {Number(journalRates.Max() / bareRates.Max(), "0.00")} |");
        }
    }

    private static async Task<double> RateAsync(Func<int, Task> append, int count, int batch)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            await append(i);
        }

        return (double)count * batch / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static string Shown(List<double> values, string format)
    {
        var sorted = values.Order().ToList();
        return $"{Number(sorted[sorted.Count / 2], format)} ({Number(sorted[sorted.Count / 4], format)}–{Number(sorted[sorted.Count * 3 / 4], format)})";
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private sealed class BareLog(ConnectionMultiplexer connection, int batch) : IAsyncDisposable
    {
        private readonly IDatabase database = connection.GetDatabase();
        private readonly Task[] adding = new Task[batch];
        private readonly List<(RedisValue Id, RedisValue Body)> entries = [];

        public static async Task<BareLog> OpenAsync(string configuration, int batch) => new(await ConnectionMultiplexer.ConnectAsync(configuration), batch);

        // Bodies of its own, so that neither side finds them warm.
        public void Prepare(List<List<JournalRecord>> batches)
        {
            entries.Clear();
            entries.AddRange(batches.SelectMany(static records => records).Select(static record => ((RedisValue)string.Create(CultureInfo.InvariantCulture, $"{record.Sequence}-0"), (RedisValue)record.Body.ToArray())));
        }

        public Task AppendAsync(int number)
        {
            for (var i = 0; i < batch; i++)
            {
                var (id, body) = entries[(number * batch) + i];
                adding[i] = database.StreamAddAsync("bare", "body", body, id);
            }

            return Task.WhenAll(adding);
        }

        public async ValueTask DisposeAsync()
        {
            await database.KeyDeleteAsync("bare");
            await connection.DisposeAsync();
        }
    }

    private sealed class JournalLog(IPoolJournal journal, JournalLease lease, int batch, int bytes) : IAsyncDisposable
    {
        private readonly List<List<JournalRecord>> batches = [];
        private JournalHead head = JournalHead.Empty;

        public static async Task<JournalLog> OpenAsync(string configuration, string pool, RedisDurability durability, int batch, int bytes)
        {
            var journal = Bench.Journal(options => (options.Configuration, options.Pool, options.Durability) = (configuration, pool, durability));
            return new(journal, await journal.AcquireAsync(pool, "load", TimeSpan.FromHours(1), default), batch, bytes);
        }

        public List<List<JournalRecord>> Prepare(int count)
        {
            batches.Clear();
            for (var i = 0; i < count; i++)
            {
                batches.Add(JournalChains.After(head, batch, bodyBytes: bytes));
                head = JournalChains.HeadOf(batches[^1]);
            }

            return batches;
        }

        public Task AppendAsync(int number) => journal.AppendAsync(lease, batches[number], default).AsTask();

        public ValueTask DisposeAsync() => journal.DisposeAsync();
    }
}
