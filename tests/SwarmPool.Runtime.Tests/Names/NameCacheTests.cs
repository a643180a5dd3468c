using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Tests.Support;

namespace SwarmPool.Runtime.Tests.Names;

[Collection<MeasuresMemory>]
public sealed class NameCacheTests
{
    private static readonly EthAddress Account = EthAddress.Parse("0x1111111111111111111111111111111111111111");

    /// <summary>A hundred thousand names: some hundred bytes each, each asked for once, and a known one costs what it costs among ten.</summary>
    [Fact]
    public async Task Many_names_cost_little_and_no_more_each()
    {
        const int Many = 100_000;
        var names = Enumerable.Range(0, Many).Select(static i => EnsName.Parse($"m{i}.many.eth")).ToArray();
        var provider = new Counting();
        var directory = new NameCache(provider, new FakeTimeProvider());
        var few = await BytesOfLookUpsAsync(directory, names[..10]);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await Task.WhenAll(names.Select(name => directory.ResolveAsync(name, default).AsTask()));
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Many;
        Assert.Equal(Many, provider.Asked);
        Assert.InRange(each, 0, 1000);
        Assert.InRange(await BytesOfLookUpsAsync(directory, names[^10..]), 0, few + 1000);
        Assert.Equal(Many, provider.Asked);
    }

    [Fact]
    public async Task A_name_without_grace_ends_with_its_lifetime()
    {
        var time = new FakeTimeProvider();
        var provider = new Counting();
        var directory = new NameCache(provider, time);
        var name = EnsName.Parse("miner.alice.eth");
        Assert.Equal(IdentityStatus.Known, (await directory.ResolveAsync(name, default)).Status);
        provider.IsAway = true;
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(IdentityStatus.Unavailable, (await directory.ResolveAsync(name, default)).Status);
    }

    private static async Task<long> BytesOfLookUpsAsync(NameCache directory, EnsName[] names)
    {
        foreach (var name in names)
        {
            await directory.ResolveAsync(name, default);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var name in names)
        {
            var asked = directory.ResolveAsync(name, default);
            Assert.True(asked.IsCompleted);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Knows every name, and counts how often it is asked.</summary>
    private sealed class Counting : IIdentityProvider
    {
        private int asked;

        public int Asked => asked;

        public bool IsAway { get; set; }

        public string Network => "local";

        public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            return ValueTask.FromResult(IsAway
                ? IdentityAnswer.Unavailable(TimeSpan.FromSeconds(1), "away")
                : new IdentityAnswer(IdentityStatus.Known, [Account], Account, 0, TimeSpan.FromMinutes(5)));
        }
    }
}
