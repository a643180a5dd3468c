using SwarmPool.Protocol.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Connects a composition's transport, and says who it is that can't.</summary>
internal sealed class TransportConnector(ITransport transport, IEnumerable<SlotFilling> slots)
{
    /// <param name="andThen">What to do after it was mended, for the message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SwarmPoolException">SP5001: it can't connect.</exception>
    public async Task ConnectAsync(string andThen, CancellationToken cancellationToken)
    {
        try
        {
            await transport.StartAsync(cancellationToken);
        }
        catch (TransportException fault)
        {
            var filledBy = slots.First(filling => filling.Contract == typeof(ITransport)).FilledBy;
            throw new SwarmPoolException(
                ErrorCodes.TransportUnavailable,
                $"{filledBy} could not connect: {fault.Message} Check that what it connects to runs and that its configuration names it rightly, {andThen}.",
                fault);
        }
    }
}

/// <summary>Marks a composition whose role connects the transport itself, while the host runs already.</summary>
internal sealed class BackgroundStart;
