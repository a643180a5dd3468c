using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Tests.Support;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>Ten times what a table holds, from whoever can make it grow: it stays within its bound, and who was there before or comes after is served.</summary>
public sealed class CrowdedTableTests
{
    private const int Most = 400;

    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeMilliseconds(Bench.Start));

    [Fact]
    public void A_crowd_of_keys_gives_nobody_back_a_rate_that_is_spent()
    {
        var limit = new RateLimit<string>(2, time, Most);
        while (limit.TryTake("spent"))
        {
        }

        for (var i = 0; i < 10 * Most; i++)
        {
            Assert.True(limit.TryTake($"crowd{i}"));
            Assert.InRange(limit.Count, 1, Most);
        }

        Assert.False(limit.TryTake("spent"));
        Assert.True(limit.TryTake("honest"));
    }

    [Fact]
    public async Task Made_up_names_drive_out_no_name_that_there_is()
    {
        var provider = new CountingNames();
        var names = new NameCache(provider, time, Most);
        var honest = EnsName.Parse("honest.eth");
        await names.ResolveAsync(honest, CancellationToken.None);
        for (var i = 0; i < 10 * Most; i++)
        {
            Assert.Equal(IdentityStatus.Unknown, (await names.ResolveAsync(EnsName.Parse($"made-up-{i}.eth"), CancellationToken.None)).Status);
            Assert.InRange(names.Count, 1, Most);
        }

        Assert.Equal(IdentityStatus.Known, (await names.ResolveAsync(honest, CancellationToken.None)).Status);
        Assert.Equal(1, provider.Honest);
    }

    [Fact]
    public void Names_that_are_no_miners_fill_the_presence_until_the_next_count_and_no_further()
    {
        var presence = new MinerPresence(new SilentDaemonObserver(), time);
        presence.Seen(Messages.Miner(1));
        for (var i = 0; i < MinerPresence.MostNames + 1_000; i++)
        {
            presence.Seen(EnsName.Parse($"n{i}.eth"));
        }

        Assert.Equal(MinerPresence.MostNames, presence.Count);
        Assert.Equal(1, presence.CountOnline(30, name => name == Messages.Miner(1)));
        Assert.Equal(1, presence.Count);
        presence.Seen(Messages.Miner(2));
        Assert.Equal(2, presence.CountOnline(30, _ => true));
    }

    [Fact]
    public async Task Large_outputs_are_held_a_few_at_a_time_and_small_ones_wait_for_none_of_them()
    {
        var net = new MemoryNet();
        var content = new ContentReader(net.Join().Content, time);
        var outputs = new RationedReader(content, 8 * RationedReader.SmallBytes, TimeSpan.FromSeconds(5), "The proof's output", ErrorCodes.OutputUnavailable);
        var (large, small) = (net.Put(new byte[2 * RationedReader.SmallBytes]), net.Put(new byte[100]));
        var (held, most, gate) = (0, 0, new TaskCompletionSource());
        var all = Enumerable.Range(0, 10 * RationedReader.LargeAtATime).Select(_ => outputs.UseAsync<string>(large, UseAsync, CancellationToken.None).AsTask()).ToList();
        await RefusalTests.Eventually(() => Volatile.Read(ref held) == RationedReader.LargeAtATime);
        Assert.Equal("small", (await outputs.UseAsync<string>(small, _ => new(("small", null)), CancellationToken.None)).Result);
        gate.SetResult();
        Assert.All(await Task.WhenAll(all), result => Assert.Equal("large", result.Result));
        Assert.Equal(RationedReader.LargeAtATime, most);

        var tooLarge = net.Put(new byte[(8 * RationedReader.SmallBytes) + 1]);
        Assert.Equal(ErrorCodes.OutputUnavailable, (await outputs.UseAsync<string>(tooLarge, UseAsync, CancellationToken.None)).Refusal?.Code);

        async ValueTask<(string?, Protocol.Errors.Refusal?)> UseAsync(ReadOnlyMemory<byte> output)
        {
            most = Math.Max(most, Interlocked.Increment(ref held));
            await gate.Task;
            Interlocked.Decrement(ref held);
            return ("large", null);
        }
    }

    private sealed class CountingNames : IIdentityProvider
    {
        public int Honest { get; private set; }

        public string Network => "local";

        public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken)
        {
            if (name.Text != "honest.eth")
            {
                return new(IdentityAnswer.Unknown(TimeSpan.FromHours(1), "nobody has it"));
            }

            Honest++;
            return new(new IdentityAnswer(IdentityStatus.Known, [TestKeys.Of(name).Address], null, 0, TimeSpan.FromHours(1)));
        }
    }
}
