namespace SwarmPool.Transport;

/// <summary>
/// Where a pool is, for those who know no more than its name: the name's records say it, and the transport that the pool is
/// published with knows it. A hint and no more: what it leads to is signed by the pool, or is not the pool's.
/// </summary>
/// <param name="State">
/// Where its latest state is: <c>ipns://NAME</c>, <c>ipfs://CID</c>, each with a path behind it where there is one, or a CID. Null: not said.
/// At most <see cref="MaxStateLength"/> visible ASCII characters.
/// </param>
/// <param name="Peers">
/// How to reach those that carry its messages, in the words of its transport, the favoured first: multiaddresses for IPFS. At most
/// <see cref="MaxPeers"/>, each of at most <see cref="MaxPeerLength"/> visible ASCII characters without a comma. Empty: not said.
/// </param>
public sealed record PoolLocation(string? State, IReadOnlyList<string> Peers)
{
    /// <summary>The most characters of <see cref="State"/>.</summary>
    public const int MaxStateLength = 256;

    /// <summary>The most entries of <see cref="Peers"/>.</summary>
    public const int MaxPeers = 8;

    /// <summary>The most characters of one of <see cref="Peers"/>.</summary>
    public const int MaxPeerLength = 256;

    /// <summary>The most characters of the text that <see cref="Peers"/> are read from.</summary>
    public const int MaxPeersLength = 2048;

    /// <summary>Nothing is said.</summary>
    public static PoolLocation Nowhere { get; } = new(null, []);

    /// <summary>Whether nothing is said.</summary>
    public bool IsNowhere => State is null && Peers.Count == 0;

    /// <summary>The peers as one text, as records hold them.</summary>
    public string PeersText => string.Join(',', Peers);

    /// <summary>Reads what somebody wrote into a name's records; anything may stand there.</summary>
    /// <param name="state">Where the state is; null or empty for nothing.</param>
    /// <param name="peers">The peers, with commas between them; null or empty for nothing.</param>
    /// <param name="problems">Is told what can't be used and is left out.</param>
    public static PoolLocation Read(string? state, string? peers, Action<string> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        return new PoolLocation(ReadState(state?.Trim(), problems), ReadPeers(peers, problems));
    }

    private static string? ReadState(string? state, Action<string> problems)
    {
        if (string.IsNullOrEmpty(state))
        {
            return null;
        }

        if (IsVisible(state, MaxStateLength))
        {
            return state;
        }

        problems($"where the state is has {state.Length} characters; at most {MaxStateLength} visible ASCII ones are read");
        return null;
    }

    private static List<string> ReadPeers(string? text, Action<string> problems)
    {
        var peers = new List<string>();
        if (text is { Length: > MaxPeersLength })
        {
            problems($"the peers have {text.Length} characters; at most {MaxPeersLength} are read");
            return peers;
        }

        foreach (var peer in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!IsVisible(peer, MaxPeerLength))
            {
                problems($"a peer has {peer.Length} characters; at most {MaxPeerLength} visible ASCII ones are read");
            }
            else if (peers.Count == MaxPeers)
            {
                problems($"there are more than {MaxPeers} peers; the others are left out");
                break;
            }
            else if (!peers.Contains(peer, StringComparer.Ordinal))
            {
                peers.Add(peer);
            }
        }

        return peers;
    }

    private static bool IsVisible(string text, int most) => text.Length <= most && text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;
}
