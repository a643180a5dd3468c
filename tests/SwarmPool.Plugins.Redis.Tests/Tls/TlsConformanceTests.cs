using SwarmPool.State;
using SwarmPool.Testing.Journal;
using SwarmPool.Testing.Transport;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Tests.Tls;

/// <summary>The journal's contract over TLS, with certificates on both sides.</summary>
public sealed class TlsConformanceTests(TlsServers servers) : JournalSuite
{
    private readonly (string Key, string Value)[] section = servers.Fresh();

    protected override IPoolJournal Open() => servers.Journal(section);
}

/// <summary>The transport's contract over TLS, with certificates on both sides.</summary>
public sealed class TlsTransportTests(TlsServers servers) : TransportSuite
{
    private readonly (string Key, string Value)[] section = servers.Fresh();

    protected override ITransport Make() => servers.Transport(section);
}
