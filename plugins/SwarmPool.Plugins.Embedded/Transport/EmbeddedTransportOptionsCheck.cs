using System.Net;
using Microsoft.Extensions.Options;
using SwarmPool.Plugins.Embedded.Transport.Mqtt;

namespace SwarmPool.Plugins.Embedded.Transport;

/// <summary>Finds every problem of the transport's options at once.</summary>
internal sealed class EmbeddedTransportOptionsCheck : IValidateOptions<EmbeddedTransportOptions>
{
    private const int MaxHubChars = 255;

    public ValidateOptionsResult Validate(string? name, EmbeddedTransportOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckDefined("transport", options.Transport);
        problems.Add(options.Transport switch
        {
            EmbeddedTransportKind.Mqtt => Mqtt(options),
            EmbeddedTransportKind.Hub => Hub(options),
            _ => [],
        });
        problems.CheckPath("blocks", options.Blocks);
        problems.CheckRange("max_content_bytes", options.MaxContentBytes, 65_536, 1_073_741_824);
        problems.CheckRange("max_store_bytes", options.MaxStoreBytes, Math.Max(1, options.MaxContentBytes), long.MaxValue / 2);
        problems.CheckRange("fetch_wait_seconds", options.FetchWaitSeconds, 0, 600);
        problems.CheckRange("connect_timeout_seconds", options.ConnectTimeoutSeconds, 1, 3600);
        return problems.Build();
    }

    private static IEnumerable<string> Hub(EmbeddedTransportOptions options)
    {
        if (string.IsNullOrEmpty(options.Hub) || options.Hub.Length > MaxHubChars)
        {
            yield return $"hub: a hub's name has 1 to {MaxHubChars} characters";
        }

        if (options.Broker)
        {
            yield return "broker: a hub needs no broker; set it to false, or transport to mqtt";
        }
    }

    private static IEnumerable<string> Mqtt(EmbeddedTransportOptions options)
    {
        // The URL may hold a password, so it is not shown.
        if (!BrokerAddress.TryParse(options.Url, out var address))
        {
            yield return "url: this is not a broker's address; write it like mqtt://127.0.0.1:18830 or mqtts://user:password@host:8883";
            yield break;
        }

        if (!options.Broker)
        {
            yield break;
        }

        if (address.Tls)
        {
            yield return "url: the built-in broker has no TLS; write mqtt://, or set broker to false and run your own broker";
        }

        if (address.ListenOn is not { } listenOn)
        {
            yield return $"url: the built-in broker listens on an address, not on the name {address.Host}; write mqtt://127.0.0.1:{address.Port}";
        }
        else if (!IPAddress.IsLoopback(listenOn))
        {
            if (!options.AllowRemote)
            {
                yield return $"url: {listenOn} would let other machines connect to the built-in broker; write 127.0.0.1, or set allow_remote to true";
            }

            if (string.IsNullOrEmpty(options.User ?? address.User) || string.IsNullOrEmpty(options.Password ?? address.Password))
            {
                yield return "user, password: a built-in broker that other machines can reach needs both";
            }
        }
    }
}
