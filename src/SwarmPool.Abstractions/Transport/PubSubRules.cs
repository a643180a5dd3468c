using System.Text;

namespace SwarmPool.Transport;

/// <summary>The topics and the sizes that the transports hold to which ship with the framework, so that a pool can move from one to another.</summary>
/// <remarks>Pure; thread-safe.</remarks>
public static class PubSubRules
{
    /// <summary>The most bytes of a message: 245,760. A packet of 256 KiB then has room for topic and properties.</summary>
    public const int MessageBytes = 240 * 1024;

    private const int TopicBytes = 1024;

    /// <summary>Sees that a topic is one everywhere: not empty, not too long, no pattern and no system's topic on any transport.</summary>
    /// <param name="topic">The topic.</param>
    /// <exception cref="ArgumentException">It is not valid.</exception>
    public static void CheckTopic(string topic)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        if (Encoding.UTF8.GetByteCount(topic) > TopicBytes || topic[0] == '$' || topic.AsSpan().IndexOfAny("+#\0") >= 0)
        {
            throw new ArgumentException($"A topic has 1 to {TopicBytes} bytes, does not begin with '$' and holds no '+', '#' or NUL.", nameof(topic));
        }
    }

    /// <summary>Sees that a message is not too large.</summary>
    /// <param name="topic">Its topic, for the message.</param>
    /// <param name="bytes">Its size.</param>
    /// <exception cref="TransportException">It is.</exception>
    public static void CheckMessage(string topic, int bytes)
    {
        if (bytes > MessageBytes)
        {
            throw new TransportException(
                TransportFault.TooLarge,
                $"A message of {bytes} bytes on {topic} is too large: at most {MessageBytes}. Put the body as content and send its CID.");
        }
    }
}
