namespace SwarmPool.Runtime.Roles;

/// <summary>Is told what a composition waits for, for screens. Called from any thread, several at once: return quickly, throw nothing.</summary>
/// <remarks>Any number may be among a composition's services. A wait that is over within a second is not told.</remarks>
public interface IWaitObserver
{
    /// <summary>Something is waited for.</summary>
    void Waiting(Wait wait);

    /// <summary>What was waited for is there. Not told when it was given up.</summary>
    /// <param name="wait">As it was told before.</param>
    /// <param name="after">How long it took.</param>
    void WaitEnded(Wait wait, TimeSpan after);
}

/// <summary>Something that is waited for.</summary>
/// <param name="For">What, for people: "the MQTT broker".</param>
/// <param name="Where">Where that is, without a secret; null where there is no more to say.</param>
/// <param name="AtMost">The longest that it is waited for; null when there is no such limit.</param>
public sealed record Wait(string For, string? Where, TimeSpan? AtMost)
{
    /// <summary>Whether it is what the transport goes by: the broker, the server, the node.</summary>
    public bool IsTransport { get; init; }

    /// <summary>Why it isn't there, by the last attempt; null when nothing is known.</summary>
    public string? Problem { get; init; }
}
