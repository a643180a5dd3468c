using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Plugins.Redis.Transport;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests.Transport;

/// <summary>Makes transports as the builder does.</summary>
internal static class Parties
{
    public static RedisTransport At(string configuration, Action<RedisTransportOptions>? configure = null)
    {
        var options = new RedisTransportOptions { TimeoutSeconds = 25, ConnectTimeoutSeconds = 60 };
        configure?.Invoke(options);
        return new RedisTransport(
            options,
            ServerSettings.Of(configuration, TimeSpan.FromSeconds(options.TimeoutSeconds)),
            TimeProvider.System,
            NullLogger<RedisTransport>.Instance);
    }

    /// <summary>Waits until a subscription has so many messages, and hands them out.</summary>
    public static async Task<List<byte[]>> TakeAsync(ISubscription subscription, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var taken = new List<byte[]>();
        await foreach (var message in subscription.ReadAllAsync(limit.Token))
        {
            taken.Add(message.Payload.ToArray());
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}
