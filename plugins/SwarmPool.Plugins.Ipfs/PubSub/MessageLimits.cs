using System.Text;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.PubSub;

/// <summary>The sizes that messages hold to, and the topics that are taken.</summary>
internal static class MessageLimits
{
    /// <summary>The most bytes of a message. Nodes pass on 1 MiB; what travels with a message needs room too.</summary>
    public const int MessageBytes = 240 * 1024;

    /// <summary>Messages held for a slow reader.</summary>
    public const int Held = 2048;

    private const int TopicBytes = 1024;

    /// <exception cref="ArgumentException">The topic is empty or too long, or would be a pattern or a system's topic on another transport.</exception>
    public static void CheckTopic(string topic)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        if (Encoding.UTF8.GetByteCount(topic) > TopicBytes || topic[0] == '$' || topic.AsSpan().IndexOfAny("+#\0") >= 0)
        {
            throw new ArgumentException($"A topic has 1 to {TopicBytes} bytes, does not begin with '$' and holds no '+', '#' or NUL.", nameof(topic));
        }
    }

    /// <exception cref="TransportException">The message is too large.</exception>
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
