using System.Net.Sockets;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>
/// The broker's connections: so many places, a part of them for one address, and so many bytes that wait for them. Who has done nothing gives
/// way to who comes; who reads nothing is cut off, the one with the most waiting first; an id in use is nobody else's.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BrokerConnections(BrokerLimits limits, TimeProvider time, RefusalLog log)
{
    private readonly Lock gate = new();
    private readonly HashSet<BrokerConnection> all = [];
    private readonly Dictionary<string, BrokerConnection> byId = new(StringComparer.Ordinal);
    private readonly Pace beyond = new(time);
    private readonly Dictionary<string, int> ofOrigin = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> nobodyBefore = new(StringComparer.Ordinal); // by origin, "" for all
    private readonly long idleTicks = (long)(limits.Idle.TotalSeconds * time.TimestampFrequency);
    private long queued;
    private long last;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return all.Count;
            }
        }
    }

    /// <summary>Bytes that wait for all of them.</summary>
    public long Queued
    {
        get
        {
            lock (gate)
            {
                return queued;
            }
        }
    }

    /// <summary>A place for a connection that came; null when there is none for it, and then it is closed.</summary>
    public BrokerConnection? Enter(Socket socket)
    {
        lock (gate)
        {
            var made = new BrokerConnection(socket, ++last, time.GetTimestamp(), new PublishPace(limits, beyond, time));
            var share = ofOrigin.GetValueOrDefault(made.Origin) >= limits.OfAddress;
            if ((share || all.Count >= limits.Connections) && !MakeRoom(share ? made.Origin : null))
            {
                log.Refused($"{made.Remote}", share ? $"{limits.OfAddress} connections of its address are open already" : $"{all.Count} clients are connected already");
                made.Close();
                return null;
            }

            all.Add(made);
            ofOrigin[made.Origin] = ofOrigin.GetValueOrDefault(made.Origin) + 1;
            return made;
        }
    }

    /// <summary>It has ended, or is cut off: its place is free, and so is what waited for it.</summary>
    public void Leave(BrokerConnection connection)
    {
        lock (gate)
        {
            if (!all.Remove(connection))
            {
                return;
            }

            queued -= connection.Queued;
            connection.Queued = 0;
            if (--ofOrigin[connection.Origin] == 0)
            {
                ofOrigin.Remove(connection.Origin);
                nobodyBefore.Remove(connection.Origin);
            }
        }
    }

    /// <summary>It has ended, and the server has forgotten it: its id is free.</summary>
    public void Forget(BrokerConnection connection)
    {
        Leave(connection);
        lock (gate)
        {
            if (connection.ClientId is { } id && byId.GetValueOrDefault(id) == connection)
            {
                byId.Remove(id);
            }
        }
    }

    /// <summary>Gives it an id; false while another has that.</summary>
    public bool TryName(BrokerConnection connection, string id)
    {
        lock (gate)
        {
            if (connection.IsCutOff || !byId.TryAdd(id, connection))
            {
                return false;
            }

            connection.ClientId = id;
            return true;
        }
    }

    /// <summary>Whose id this is; null when it is nobody's.</summary>
    public BrokerConnection? Find(string? id)
    {
        lock (gate)
        {
            return id is null ? null : byId.GetValueOrDefault(id);
        }
    }

    /// <summary>False when it has as many topics as it may.</summary>
    public bool TryAddTopic(BrokerConnection connection)
    {
        lock (gate)
        {
            if (connection.Topics >= limits.TopicsOfOne)
            {
                return false;
            }

            connection.Topics++;
            return true;
        }
    }

    public void RemoveTopic(BrokerConnection connection)
    {
        lock (gate)
        {
            connection.Topics = Math.Max(0, connection.Topics - 1);
        }
    }

    /// <summary>So many bytes more wait for it. False when they may not: it is cut off.</summary>
    public bool TryQueue(BrokerConnection connection, long bytes)
    {
        lock (gate)
        {
            if (connection.IsCutOff)
            {
                return false;
            }

            connection.Queued += bytes;
            queued += bytes;
            if (connection.Queued > limits.QueuedOfOne)
            {
                CutOff(connection, $"{connection.Queued} bytes wait for it; it doesn't read");
            }

            while (queued > limits.QueuedBytes && all.MaxBy(static one => one.Queued) is { } most)
            {
                CutOff(most, $"{queued} bytes wait for all clients, and most of them for this one");
            }

            return !connection.IsCutOff;
        }
    }

    /// <summary>So many bytes no longer wait for it.</summary>
    public void Unqueue(BrokerConnection connection, long bytes)
    {
        lock (gate)
        {
            var taken = Math.Min(bytes, connection.Queued);
            connection.Queued -= taken;
            queued -= taken;
        }
    }

    /// <summary>An answer more waits for it, or one less. A client that asks and never reads is cut off.</summary>
    public void CountAnswer(BrokerConnection connection, int by)
    {
        lock (gate)
        {
            connection.Answers = Math.Max(0, connection.Answers + by);
            if (connection.Answers > limits.AnswersOfOne && !connection.IsCutOff)
            {
                CutOff(connection, $"{connection.Answers} answers wait for it; it doesn't read");
            }
        }
    }

    // Of those that may give way (of one address, where that has its share), who has done least, and of these who came first. Where nobody may,
    // it is known until when that stays so: whoever has published never gives way again, and who comes later may later. So one who comes again
    // and again costs no search each time, under the lock that all messages pass.
    private bool MakeRoom(string? origin)
    {
        var (key, now) = (origin ?? "", time.GetTimestamp());
        if (nobodyBefore.TryGetValue(key, out var known) && now < known)
        {
            return false;
        }

        nobodyBefore.Remove(key);
        var (idle, next) = (default(BrokerConnection), now + idleTicks);
        foreach (var one in all)
        {
            if ((origin is not null && one.Origin != origin) || one.Standing == 2)
            {
                continue;
            }

            if (now - one.Since <= idleTicks)
            {
                next = Math.Min(next, one.Since + idleTicks);
            }
            else if (idle is null || (one.Standing, one.Since).CompareTo((idle.Standing, idle.Since)) < 0)
            {
                idle = one;
            }
        }

        if (idle is null)
        {
            nobodyBefore[key] = next;
            return false;
        }

        CutOff(idle, "it has done nothing, and another wants its place");
        return true;
    }

    private void CutOff(BrokerConnection connection, string why)
    {
        connection.IsCutOff = true;
        log.Refused($"{connection.Remote}", why);
        Leave(connection);
        connection.Close();
    }
}
