using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Hostile.Tests.Ingress;

/// <summary>A daemon as a program composes it, with honest parties, on a transport that can't be relied on.</summary>
public sealed class HostilePool : IAsyncLifetime
{
    private IHost host = null!;
    private IngressCounters counters = null!;

    internal const int FetchSeconds = 2;

    internal TestNetwork Town { get; private set; } = null!;

    internal EnsName Alice { get; private set; }

    internal long Received => counters.Received;

    internal long RefusedInAll => counters.Refused.Values.Sum();

    internal IReadOnlyDictionary<string, long> Refused => counters.Refused.ToDictionary();

    public async ValueTask InitializeAsync()
    {
        Town = await TestNetwork.OpenAsync();
        host = await Town.StartAsync(
            o =>
            {
                o.FetchSeconds = FetchSeconds;
                o.PeerRate = 1_000_000;
                o.NameRate = 1_000_000;
                o.ClaimsPerMiner = 1000;
                o.MaxAttempts = 100;
            },
            transport: inner => new HostileTransport(inner));
        counters = host.Services.GetRequiredService<IngressCounters>();
        Alice = await Town.JoinAsync(1);
        await Town.JoinAsync(2);
    }

    internal long RefusedWith(string code) => counters.Refused.GetValueOrDefault(code);

    /// <summary>A job that is claimed, worked on, delivered and accepted.</summary>
    internal async Task<ProofAcceptedItem> HonestJobAsync()
    {
        var job = await Town.SubmitAsync();
        return await Town.ProveAsync(await Town.ClaimAsync(job, Alice));
    }

    internal static async Task EventuallyAsync(Func<bool> so, Func<string> what)
    {
        for (var i = 0; i < 800 && !so(); i++)
        {
            await Task.Delay(20);
        }

        Assert.True(so(), what());
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        await Town.AuditAsync();
        await Town.DisposeAsync();
    }
}
