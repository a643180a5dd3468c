using System.Diagnostics.CodeAnalysis;

namespace SwarmPool.Runtime.Collections;

/// <summary>
/// What waits, bounded, and shared twice: peers take turns, and within a peer its parties do. When there is no room, it is the peers with more
/// than their share who lose something, and within a peer its parties with more than theirs: whoever keeps within both always finds a place.
/// </summary>
/// <param name="capacity">What may wait, in the unit of the costs given with each item.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class FairBuffer<T>(int capacity)
{
    private readonly Dictionary<string, Peer> peers = new(StringComparer.Ordinal);
    private readonly Queue<Peer> turns = new();
    private int used;

    /// <summary>How many items wait.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an item, or says that there is no room for it; what had to make room is added to <paramref name="lost"/>.</summary>
    public bool TryAdd(string peer, string party, T item, int cost, List<T> lost)
    {
        if (!peers.TryGetValue(peer, out var from))
        {
            peers.Add(peer, from = new Peer(peer));
        }

        var line = from.LineOf(party);
        var fits = MakeRoom(from, line, cost, lost);
        if (fits)
        {
            Enqueue(from, line, item, cost);
        }

        Leave(from, line);
        return fits;
    }

    /// <summary>Takes the next item of the party whose turn it is at the peer whose turn it is.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T item)
    {
        item = default;
        if (!turns.TryDequeue(out var peer))
        {
            return false;
        }

        var line = peer.Turns.Dequeue();
        item = Dequeue(peer, line);
        Return(peer, line);
        return true;
    }

    // Whoever is within its share finds room: then somebody else has more than that.
    private bool MakeRoom(Peer from, Line line, int cost, List<T> lost)
    {
        var share = capacity / peers.Count;
        while (used + cost > capacity)
        {
            if (from.Used + cost <= share)
            {
                DropOf(turns.Dequeue(), share, lost);
                continue;
            }

            var part = share / from.Lines.Count;
            if (line.Used + cost > part)
            {
                return false;
            }

            var other = from.Turns.Dequeue();
            if (other.Used > part)
            {
                lost.Add(Dequeue(from, other));
            }

            if (other.Waiting.Count > 0)
            {
                from.Turns.Enqueue(other);
            }
            else
            {
                from.Lines.Remove(other.Party);
            }
        }

        return true;
    }

    // Takes one from a peer that has more than its share, and there from a party that has no less than the others.
    private void DropOf(Peer peer, int share, List<T> lost)
    {
        var line = peer.Turns.Dequeue();
        while (peer.Used > share && line.Used < peer.Used / peer.Lines.Count)
        {
            peer.Turns.Enqueue(line);
            line = peer.Turns.Dequeue();
        }

        if (peer.Used > share)
        {
            lost.Add(Dequeue(peer, line));
        }

        Return(peer, line);
    }

    private void Enqueue(Peer peer, Line line, T item, int cost)
    {
        if (!peer.HasTurn)
        {
            peer.HasTurn = true; // It may have one and nothing that waits: what it had has just made room for this.
            turns.Enqueue(peer);
        }

        if (line.Waiting.Count == 0)
        {
            peer.Turns.Enqueue(line);
        }

        line.Waiting.Enqueue((item, cost));
        Book(peer, line, cost);
        Count++;
    }

    private T Dequeue(Peer peer, Line line)
    {
        var (item, cost) = line.Waiting.Dequeue();
        Book(peer, line, -cost);
        Count--;
        return item;
    }

    private void Book(Peer peer, Line line, int cost)
    {
        line.Used += cost;
        peer.Used += cost;
        used += cost;
    }

    // Both were taken out for their turn: back to the end, or forgotten when nothing of theirs waits.
    private void Return(Peer peer, Line line)
    {
        if (line.Waiting.Count > 0)
        {
            peer.Turns.Enqueue(line);
        }

        peer.HasTurn = peer.Used > 0;
        if (peer.HasTurn)
        {
            turns.Enqueue(peer);
        }

        Leave(peer, line);
    }

    private void Leave(Peer peer, Line line)
    {
        if (line.Waiting.Count == 0)
        {
            peer.Lines.Remove(line.Party);
        }

        if (peer.Used == 0)
        {
            peers.Remove(peer.Name);
        }
    }

    private sealed class Peer(string name)
    {
        public string Name { get; } = name;

        public Dictionary<string, Line> Lines { get; } = new(1, StringComparer.Ordinal);

        public Queue<Line> Turns { get; } = new(1);

        public int Used { get; set; }

        public bool HasTurn { get; set; }

        public Line LineOf(string party)
        {
            if (!Lines.TryGetValue(party, out var line))
            {
                Lines.Add(party, line = new Line(party));
            }

            return line;
        }
    }

    private sealed class Line(string party)
    {
        public string Party { get; } = party;

        public Queue<(T Item, int Cost)> Waiting { get; } = new(1);

        public int Used { get; set; }
    }
}
