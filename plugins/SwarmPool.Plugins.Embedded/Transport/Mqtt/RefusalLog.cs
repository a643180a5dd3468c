using Microsoft.Extensions.Logging;

namespace SwarmPool.Plugins.Embedded.Transport.Mqtt;

/// <summary>The broker's log of those whom it refused or cut off: so many lines a second, since whoever connects would else write the log as fast as it can.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RefusalLog(ILogger logger, TimeProvider time)
{
    /// <summary>Lines in one second; what is beyond is counted and told with the next.</summary>
    public const int MostASecond = 5;

    private readonly Lock gate = new();
    private long since = time.GetTimestamp();
    private int said;
    private long unsaid;

    public void Refused(string who, string why)
    {
        string? text = null;
        lock (gate)
        {
            if (time.GetElapsedTime(since) >= TimeSpan.FromSeconds(1))
            {
                (since, said) = (time.GetTimestamp(), 0);
            }

            if (said < MostASecond)
            {
                said++;
                text = unsaid > 0 ? $"{why} (and {unsaid} others were refused since)" : why;
                unsaid = 0;
            }
            else
            {
                unsaid++;
            }
        }

        if (text is not null)
        {
            EmbeddedLog.BrokerRefused(logger, who, text);
        }
    }
}
