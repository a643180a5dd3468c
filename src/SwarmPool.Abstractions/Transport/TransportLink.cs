using System.Runtime.CompilerServices;

namespace SwarmPool.Transport;

/// <summary>What a transport goes by, and whether it is reached now. The transport that made it tells it; roles and screens look.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class TransportLink
{
    private readonly Lock gate = new();
    private TransportLinkStatus current = new(false, null);
    private TaskCompletionSource changed = New();

    /// <summary>Makes a link that is not reached yet.</summary>
    /// <param name="to">What it leads to, for people: "the MQTT broker".</param>
    /// <param name="where">Where that is: "mqtt://127.0.0.1:18830". It must not hold a secret.</param>
    /// <param name="startPatience">The longest that <see cref="ITransport.StartAsync"/> waits for it.</param>
    public TransportLink(string to, string where, TimeSpan startPatience)
    {
        ArgumentException.ThrowIfNullOrEmpty(to);
        ArgumentException.ThrowIfNullOrEmpty(where);
        To = to;
        Where = where;
        StartPatience = startPatience;
    }

    /// <summary>What it leads to, for people: "the MQTT broker".</summary>
    public string To { get; }

    /// <summary>Where that is, without a secret.</summary>
    public string Where { get; }

    /// <summary>The longest that the transport's start waits for it.</summary>
    public TimeSpan StartPatience { get; }

    /// <summary>How it is now.</summary>
    public TransportLinkStatus Current
    {
        get
        {
            lock (gate)
            {
                return current;
            }
        }
    }

    /// <summary>It is reached.</summary>
    public void Up() => Change(new TransportLinkStatus(true, null));

    /// <summary>It is not reached; the transport goes on trying.</summary>
    /// <param name="problem">Why, for people, without a secret; null when there is no more to say.</param>
    public void Down(string? problem) => Change(new TransportLinkStatus(false, problem));

    /// <summary>How it is now, then each change; one that is over before it is read is left out. Ends by cancellation alone, which throws.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<TransportLinkStatus> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (TransportLinkStatus? told = null; ;)
        {
            TransportLinkStatus now;
            Task next;
            lock (gate)
            {
                (now, next) = (current, changed.Task);
            }

            if (now != told)
            {
                yield return told = now;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{To} at {Where}";

    private void Change(TransportLinkStatus status)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            if (status == current)
            {
                return;
            }

            current = status;
            (told, changed) = (changed, New());
        }

        told.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>How a transport's link was at a moment.</summary>
/// <param name="IsUp">Whether what it leads to is reached.</param>
/// <param name="Problem">Why not, for people; null while it is, and where there is no more to say.</param>
public sealed record TransportLinkStatus(bool IsUp, string? Problem);
