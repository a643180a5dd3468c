using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Tests.Support;

namespace SwarmPool.Runtime.Tests.Keys;

public sealed class SessionKeysTests
{
    private readonly Messages messages = new(static () => 1_700_000_000);

    [Fact]
    public async Task Only_a_revocation_is_sent_as_one()
    {
        var job = await TestNetwork.SignAsync(messages.Job());

        var refused = await Assert.ThrowsAsync<ArgumentException>(
            () => SessionKeys.SendAsync(job, new MemoryNet().Join(), new KeyNames(), TimeSpan.FromSeconds(1), TimeProvider.System));

        Assert.Contains("'job'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_delegation_is_taken_back()
    {
        var job = await TestNetwork.SignAsync(messages.Job());

        Assert.Throws<ArgumentException>(() => SessionKeys.DraftRevocation(job, TimeProvider.System));
    }
}
