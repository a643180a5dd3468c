namespace SwarmPool.Plugins.Ipfs.PubSub;

/// <summary>
/// Which messages came already, by publisher and number: a node that was away hears again what its neighbours still hold.
/// What a publisher says twice has two numbers and is delivered twice.
/// </summary>
/// <remarks>Not thread-safe. Remembers so many; the oldest are forgotten first.</remarks>
internal sealed class SeenMessages(int capacity)
{
    // A node's numbers have 8 bytes; whoever writes longer ones is not remembered at length.
    private const int MostChars = 128;

    private readonly HashSet<(string From, string Number)> seen = [];
    private readonly Queue<(string From, string Number)> order = new();

    /// <summary>True the first time. A message without a number, or with one that no node makes, is always new.</summary>
    public bool IsNew(string? from, string? number)
    {
        if (string.IsNullOrEmpty(number) || number.Length > MostChars || from?.Length > MostChars)
        {
            return true;
        }

        var key = (from ?? "", number);
        if (!seen.Add(key))
        {
            return false;
        }

        order.Enqueue(key);
        if (order.Count > capacity)
        {
            seen.Remove(order.Dequeue());
        }

        return true;
    }
}
