using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Runtime.Miner;

/// <summary>
/// Nonces of heartbeats, by which two programs of one miner's name know each other: the first half is the program's own, the second is new each
/// time, or that of the heartbeat that is answered. Who answers a heartbeat of ours runs now, whatever its clock says: old heartbeats, of a run
/// before or said again by a stranger, can't.
/// </summary>
/// <remarks>Thread-safe. Remembers the last <see cref="Remembered"/> heartbeats.</remarks>
/// <param name="nonces">The rest of what the miner signs has its nonces of it, too.</param>
/// <param name="takesOver">Whether this program takes the place of another that may run; the others can tell by the first digit.</param>
internal sealed class InstanceNonces(INonceSource nonces, bool takesOver)
{
    /// <summary>How many heartbeats may be on their way when an answer comes.</summary>
    public const int Remembered = 64;

    private const int Half = 16;
    private const char TakesOverMark = 'f';

    private readonly Lock gate = new();
    private readonly string instance = $"{(takesOver ? TakesOverMark : '0')}{nonces.Next()[..(Half - 1)]}";
    private readonly Queue<string> lately = new(Remembered);

    /// <summary>This program.</summary>
    public string Instance => instance;

    /// <summary>A new heartbeat's.</summary>
    public string Next()
    {
        var fresh = nonces.Next()[..Half];
        lock (gate)
        {
            if (lately.Count == Remembered)
            {
                lately.Dequeue();
            }

            lately.Enqueue(fresh);
        }

        return instance + fresh;
    }

    /// <summary>That of an answer to another program's heartbeat.</summary>
    public string Answer(string heard) => string.Concat(instance, heard.AsSpan(Half));

    /// <summary>Whether it is this program's own.</summary>
    public bool IsOwn(string nonce) => InstanceOf(nonce) == instance;

    /// <summary>Whether it answers a heartbeat of this program.</summary>
    public bool AnswersUs(string nonce)
    {
        lock (gate)
        {
            return lately.Contains(nonce[Half..]);
        }
    }

    /// <summary>The program that a heartbeat is of.</summary>
    public static string InstanceOf(string nonce) => nonce[..Half];

    /// <summary>Whether a program takes the place of others.</summary>
    public static bool TakesOver(string instance) => instance[0] == TakesOverMark;
}
