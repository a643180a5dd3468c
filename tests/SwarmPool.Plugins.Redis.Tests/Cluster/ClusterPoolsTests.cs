using System.Net;
using System.Net.Sockets;
using System.Text;
using SwarmPool.Plugins.Redis.Journal;
using SwarmPool.Plugins.Redis.Tests.Journal;
using SwarmPool.Plugins.Redis.Tests.Transport;
using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace SwarmPool.Plugins.Redis.Tests.Cluster;

/// <summary>Where a pool's keys and messages are on a cluster.</summary>
[Collection(ClusterFixture.Name)]
public sealed class ClusterPoolsTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Two_pools_live_on_two_primaries_each_with_all_of_its_keys_in_one_slot()
    {
        string[] pools = ["one.eth", await ElsewhereAsync("one.eth")];
        foreach (var pool in pools)
        {
            await using var journal = At(pool);
            await using var party = Parties.At(fixture.Configuration, options => options.Pool = pool);
            await party.StartAsync(default);
            var lease = await journal.AcquireAsync(pool, "test", Long, default);
            await journal.AppendAsync(lease, JournalChains.After(JournalHead.Empty, 3, pool), default);
            await journal.SaveSnapshotAsync(lease, new StateSnapshot("f", 1, new byte[32], new byte[600_000]), default);
            await journal.SaveCursorAsync(lease, "c", 1, default);
            await journal.ReportAsync("standby", 1, Long, default);
            await party.PubSub.PublishAsync($"/{pool}/jobs", new byte[10], default);
            await party.Content.PointAsync("p", await party.Content.PutAsync(new byte[10], default), default);
        }

        foreach (var pool in pools)
        {
            var slot = await fixture.Cluster.SlotAsync($"{{{pool}}}");
            var keys = (await (await fixture.Cluster.PrimaryAsync($"{{{pool}}}")).AskAsync("--scan", "--pattern", $"{{{pool}}}:*")).Split('\n');
            Assert.InRange(keys.Length, 10, 20);
            Assert.All(await Task.WhenAll(keys.Select(fixture.Cluster.SlotAsync)), of => Assert.Equal(slot, of));
            await using var journal = At(pool);
            Assert.Equal(3, (await JournalChains.ReadAsync(journal)).Count);
        }
    }

    [Fact]
    public async Task A_message_is_heard_at_every_node()
    {
        const string Stream = "/swarmpool.eth/jobs", Plain = "/swarmpool.eth/heartbeats";
        await using var party = Parties.At(fixture.Configuration);
        await party.StartAsync(default);
        var subscribers = await Task.WhenAll(fixture.Cluster.Nodes.Select(node => RawSubscriber.AtAsync(node.Port, "{swarmpool.eth}:topic:" + Stream, "{swarmpool.eth}:topic:" + Plain)));
        await party.PubSub.PublishAsync(Stream, "in the stream"u8.ToArray(), default);
        await party.PubSub.PublishAsync(Plain, "said at once"u8.ToArray(), default);
        foreach (var subscriber in subscribers)
        {
            using (subscriber)
            {
                await subscriber.HearsAsync("said at once");
                Assert.Contains(Stream, subscriber.Heard, StringComparison.Ordinal); // The stream's signal.
            }
        }
    }

    private RedisJournal At(string pool) => Journals.At(fixture.Configuration, options => (options.Pool, options.TimeoutSeconds) = (pool, 25));

    private async Task<string> ElsewhereAsync(string than)
    {
        var at = await fixture.Cluster.PrimaryAsync($"{{{than}}}");
        for (var i = 0; ; i++)
        {
            if (await fixture.Cluster.PrimaryAsync($"{{p{i}.eth}}") != at)
            {
                return $"p{i}.eth";
            }
        }
    }

    /// <summary>Listens at one node and no other, without the client library.</summary>
    private sealed class RawSubscriber(TcpClient client) : IDisposable
    {
        private readonly StringBuilder heard = new();

        public string Heard => heard.ToString();

        public static async Task<RawSubscriber> AtAsync(int port, params string[] channels)
        {
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"SUBSCRIBE {string.Join(' ', channels)}\r\n"));
            var subscriber = new RawSubscriber(client);
            await subscriber.HearsAsync($":{channels.Length}\r\n"); // So many it listens to.
            return subscriber;
        }

        public async Task HearsAsync(string words)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var buffer = new byte[4096];
            while (!Heard.Contains(words, StringComparison.Ordinal))
            {
                var count = await client.GetStream().ReadAsync(buffer, limit.Token);
                Assert.NotEqual(0, count);
                heard.Append(Encoding.ASCII.GetString(buffer, 0, count));
            }
        }

        public void Dispose() => client.Dispose();
    }
}
