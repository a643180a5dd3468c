using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Roles;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Connects a composition's transport, and says who it is that can't.</summary>
internal sealed class TransportConnector(ITransport transport, IEnumerable<SlotFilling> slots, Waits waits)
{
    /// <param name="andThen">What to do after it was mended, for the message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP5001: it can't connect.</exception>
    public async Task ConnectAsync(string andThen, CancellationToken cancellationToken)
    {
        var filledBy = slots.First(filling => filling.Contract == typeof(ITransport)).FilledBy;
        try
        {
            await waits.RunAsync(transport.Link, transport.Link?.To ?? filledBy, () => transport.StartAsync(cancellationToken).AsTask(), isTransport: true);
        }
        catch (TransportException fault)
        {
            throw new SwarmPoolException(
                ErrorCodes.TransportUnavailable,
                $"{filledBy} could not connect: {fault.Message} Check that what it connects to runs and that its configuration names it rightly, {andThen}.",
                fault);
        }
    }
}

/// <summary>Marks a composition whose role connects the transport itself, while the host runs already.</summary>
internal sealed class BackgroundStart;
