using SwarmPool.Inference;
using SwarmPool.Plugins.ChatClient.Models;

namespace SwarmPool.Plugins.ChatClient.Upstream;

/// <summary>How long one run may go on, and what its end means. One call at a time.</summary>
internal sealed class UpstreamRun : IDisposable
{
    private readonly UpstreamModel model;
    private readonly CancellationTokenSource limit;
    private readonly CancellationTokenSource ended;
    private readonly CancellationToken asked;

    /// <param name="model">The model.</param>
    /// <param name="connections">The connections of all runs.</param>
    /// <param name="bytes">The most bytes that are read.</param>
    /// <param name="time">The clock of the limits.</param>
    /// <param name="asked">The caller's wish to end it.</param>
    /// <param name="stopping">The backend's end.</param>
    public UpstreamRun(UpstreamModel model, HttpMessageHandler connections, long bytes, TimeProvider time, CancellationToken asked, CancellationToken stopping)
    {
        this.model = model;
        this.asked = asked;
        limit = new CancellationTokenSource(model.Limits.Request, time);
        ended = CancellationTokenSource.CreateLinkedTokenSource(asked, stopping, limit.Token);
        Ended = ended.Token;
        Http = UpstreamClients.Http(model.Endpoint, new UpstreamCall(model.Endpoint, connections, new BodyLimits(bytes, model.Limits.Idle), time, Ended));
    }

    /// <summary>For the library's requests.</summary>
    public HttpClient Http { get; }

    /// <summary>Ends with the run, whatever ends it.</summary>
    public CancellationToken Ended { get; }

    /// <summary>What was thrown, as the contract has it.</summary>
    public Exception Named(Exception thrown)
    {
        if (asked.IsCancellationRequested)
        {
            return new OperationCanceledException(asked);
        }

        var endpoint = model.Endpoint;
        if (limit.IsCancellationRequested)
        {
            return ChatFault.Make(ChatFault.TimedOut, $"{endpoint} has taken longer than {model.Limits.Request.TotalSeconds} s (limits.request_seconds).");
        }

        // A library may have put what UpstreamCall threw into something of its own.
        for (var one = thrown; one is not null; one = one.InnerException)
        {
            if (one is InferenceException named)
            {
                return named;
            }
        }

        if (ended.IsCancellationRequested)
        {
            return new OperationCanceledException(thrown.Message, Ended);
        }

        var said = $"{thrown.GetType().Name}: {endpoint.Clean(thrown.Message).TrimEnd('.')}";
        return endpoint.Kind == UpstreamEndpoint.Code
            ? ChatFault.Make(ChatFault.Failed, $"{Capital(endpoint)} failed: {said}.")
            : ChatFault.Make(ChatFault.Malformed, $"What {endpoint} answered can't be read: {said}. Is endpoint.kind right?");
    }

    /// <summary>Ends it: what still goes on in a library stops.</summary>
    public void Stop() => ended.Cancel();

    public void Dispose()
    {
        Http.Dispose();
        ended.Dispose();
        limit.Dispose();
    }

    private static string Capital(UpstreamEndpoint endpoint) => string.Concat("T", endpoint.ToString().AsSpan(1));
}
