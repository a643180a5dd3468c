using SwarmPool.Plugins.Redis.Server;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Redis.Transport;

/// <summary>Translates a server's faults to the transport's errors, with the fix.</summary>
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
        catch (Exception e) when (ServerFault.Is(e))
        {
            throw Explain(location, doing, e);
        }
    }

    public static TransportException Explain(string location, string doing, Exception fault)
    {
        var serverFault = ServerFault.Of(fault);
        return new TransportException(TransportFault.Unavailable, $"The transport {location} failed while {doing}: {serverFault.Reason}; {serverFault.Fix}.", ServerFault.Cause(fault));
    }
}
