using Microsoft.Extensions.Logging;
using SwarmPool.Plugins.Embedded.Transport.Content;
using SwarmPool.Plugins.Embedded.Transport.Hub;
using SwarmPool.Plugins.Embedded.Transport.Mqtt;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Transport;

/// <summary>Makes the transport that valid options ask for.</summary>
internal static class TransportFactory
{
    public static ITransport Create(EmbeddedTransportOptions options, string baseDirectory, TimeProvider time, ILogger logger)
    {
        var content = new FolderContentStore(
            Path.GetFullPath(options.Blocks, baseDirectory),
            options.MaxContentBytes,
            options.MaxStoreBytes,
            TimeSpan.FromSeconds(options.FetchWaitSeconds),
            time);
        if (options.Transport == EmbeddedTransportKind.Hub)
        {
            return new HubTransport(new HubPubSub(options.Hub), content);
        }

        if (!BrokerAddress.TryParse(options.Url, out var parsed))
        {
            throw new ArgumentException("The option 'url' is not a broker's address.", nameof(options));
        }

        var address = parsed with { User = options.User ?? parsed.User, Password = options.Password ?? parsed.Password };
        return options.Broker
            ? new BrokerTransport(new MqttBroker(address, logger, time), content)
            : new MqttTransport(new MqttPubSub(address, TimeSpan.FromSeconds(options.ConnectTimeoutSeconds), time, logger), content);
    }
}
