using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>Says what a server does wrong in the transport's terms, with the mend.</summary>
internal static class TransportErrors
{
    public static async Task<T> NamedAsync<T>(string location, string doing, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (ObjectDisposedException e)
        {
            throw new TransportException(TransportFault.Unavailable, $"This party has left {location}.", e);
        }
        catch (Exception e) when (ServerTrouble.Is(e))
        {
            throw Explain(location, doing, e);
        }
    }

    public static TransportException Explain(string location, string doing, Exception fault)
    {
        var trouble = ServerTrouble.Of(fault);
        return new TransportException(TransportFault.Unavailable, $"The transport {location} failed while {doing}: {trouble.Says}; {trouble.Mend}.", fault);
    }
}
