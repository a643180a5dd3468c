using System.Globalization;
using System.Text;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Snapshots;

namespace SwarmPool.Hostile.Tests.Ingress;

/// <summary>Many messages that nobody thought of.</summary>
public sealed class FuzzTests(ITestOutputHelper output, HostilePool pool) : IClassFixture<HostilePool>
{
    // What is set aside for the reading itself, whatever the message: records, reasons, the parser's own buffers.
    private const long SparedBytes = 64 * 1024;

    // How many times a message's own size: its copy, its strings in UTF-16, and the rented buffers where the pool has none left.
    private const long SpentPerByte = 8;

    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("SWARMPOOL_SEED") ?? "7525", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_message_is_read_or_refused_by_name_within_its_share_of_memory()
    {
        var mutator = new Mutator(Seed, await HonestAsync());
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var tries = Full.Or(20_000, 1_000_000);
        var (worst, worstShare) = (0L, 0.0);
        for (var i = 0; i < tries; i++)
        {
            var message = mutator.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var isRead = SnapshotCodec.TryDecode(message, out var snapshot, out var refusal);
            var spent = GC.GetAllocatedBytesForCurrentThread() - before;
            worst = Math.Max(worst, spent);
            worstShare = Math.Max(worstShare, (spent - SparedBytes) / (double)Math.Max(1, message.Length));

            if (i >= 100) // The first ones pay for what is made once.
            {
                var read = Math.Min(message.Length, SnapshotCodec.MaxBytes + 1);
                Assert.True(spent <= SparedBytes + (SpentPerByte * read), $"{spent} bytes were allocated for {Shown(i, message)}");
            }

            if (isRead)
            {
                Assert.True(message.AsSpan().SequenceEqual(snapshot!.Bytes.Span), $"what was read is not {Shown(i, message)}");
                SnapshotSignature.TryRecover(snapshot, SignatureEngines.Best, out _, out refusal);
            }

            if (refusal is not null)
            {
                Assert.True(ErrorCatalog.Find(refusal.Code) is not null, $"{refusal.Code} stands in no list, for {Shown(i, message)}");
                Assert.True(refusal.Reason.Length is > 0 and <= 1024, $"a reason of {refusal.Reason.Length} characters for {Shown(i, message)}");
            }

            var outcome = refusal?.Code ?? "read";
            counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {Seed}: {tries} messages, at most {worst} bytes allocated, {worstShare:0.0} a byte beyond the first {SparedBytes}: {string.Join(" ", counts)}"));

        // The fuzzer is worth something only if it gets everywhere.
        foreach (var code in new[] { "read", "SP2001", "SP2002", "SP2003", "SP2004", "SP2005", "SP2006", "SP2007", "SP2008", "SP2010", "SP2011", "SP2012", "SP2013", "SP2201", "SP3010" })
        {
            Assert.True(counts.ContainsKey(code), $"nothing ended with {code}");
        }
    }

    [Fact]
    public async Task A_daemon_counts_every_one_of_them_and_goes_on()
    {
        var honest = await HonestAsync();
        var mutator = new Mutator(Seed, honest);
        string[] topics = [Topics.Jobs, Topics.Claims, Topics.Proofs, Topics.Miners, Topics.Heartbeats];
        var tries = Full.Or(5_000, 100_000);
        var (received, refused) = (pool.Received, pool.RefusedInAll);
        for (var i = 0; i < tries; i++)
        {
            var message = mutator.Next();
            var carried = Math.Min(message.Length, pool.Town.Transport.PubSub.MaxMessageBytes); // More than that no transport hands over.
            await pool.Town.SendAsync(topics[i % topics.Length], message.AsMemory(0, carried));
            if (i % 500 == 499)
            {
                // In step with the daemon, so that nothing is lost before it came to be looked at.
                var sent = i + 1;
                await HostilePool.EventuallyAsync(() => pool.RefusedInAll - refused >= sent, () => $"of {sent} messages {pool.RefusedInAll - refused} were refused");
            }
        }

        Assert.Equal(tries, pool.RefusedInAll - refused);
        Assert.Equal(tries, pool.Received - received);
        Assert.All(pool.Refused.Keys, code => Assert.NotNull(ErrorCatalog.Find(code)));
        await pool.HonestJobAsync();
        output.WriteLine(string.Join(" ", pool.Refused));
    }

    private static async Task<List<byte[]>> HonestAsync()
    {
        var honest = new List<byte[]>();
        foreach (var body in ExampleSnapshots.All)
        {
            // What strangers may send, and of that the job, whose money is in it, more often than what only the pool says.
            var weight = body is JobSnapshot ? 12 : Topics.Inbound(body.Type) == body.Type ? 1 : 3;
            honest.AddRange(Enumerable.Repeat((await ExampleSnapshots.SignedAsync(body)).Bytes.ToArray(), weight));
        }

        return honest;
    }

    private static string Shown(int number, byte[] message) =>
        string.Create(CultureInfo.InvariantCulture, $"message {number} of seed {Seed}: {Encoding.Latin1.GetString(message.AsSpan(0, Math.Min(600, message.Length)))}");
}
