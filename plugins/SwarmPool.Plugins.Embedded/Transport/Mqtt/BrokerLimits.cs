namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>What the built-in broker gives to all its clients together, and to one of them.</summary>
internal sealed record BrokerLimits
{
    /// <summary>Connections at a time. The process that runs the broker needs none of them.</summary>
    public int Connections { get; init; } = 1024;

    /// <summary>Connections of one address at a time (of IPv6 a /64): half of them, so that nobody takes all from one place.</summary>
    public int OfAddress { get; init; } = 512;

    /// <summary>Bytes that wait for all clients together; beyond that whoever has the most waiting is cut off.</summary>
    public long QueuedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes that wait for one client, which is cut off beyond that: it reads nothing.</summary>
    public long QueuedOfOne { get; init; } = 8L * 1024 * 1024;

    /// <summary>Answers (acknowledgements, and the like) that wait for one client, which is cut off beyond that.</summary>
    public int AnswersOfOne { get; init; } = 4096;

    /// <summary>Topics that one client may subscribe to.</summary>
    public int TopicsOfOne { get; init; } = 128;

    /// <summary>Messages a second that one client may publish in any case, twice as many at once.</summary>
    public int MessagesOfOne { get; init; } = 100;

    /// <summary>Messages a second that all clients together may publish beyond that, twice as many at once; what is more is read no faster.</summary>
    public int MessagesBeyond { get; init; } = 1000;

    /// <summary>Bytes a second that one client may publish, twice as many at once.</summary>
    public int BytesOfOne { get; init; } = 32 * 1024 * 1024;

    /// <summary>The most bytes of a client's first packet, before anybody knows who it is.</summary>
    public int FirstPacketBytes { get; init; } = 8 * 1024;

    /// <summary>How long a connection is left its place though it has done nothing, when another wants one.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(5);
}
