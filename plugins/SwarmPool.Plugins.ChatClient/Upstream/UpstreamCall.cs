using System.Net;
using System.Net.Http.Headers;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.ChatClient.Upstream;

/// <summary>
/// One run's requests to its server, below the client library: adds the key, names what goes wrong, and bounds what is read, since the
/// libraries bound nothing. Whatever it throws is an <see cref="InferenceException"/> or a cancellation.
/// </summary>
internal sealed class UpstreamCall(UpstreamEndpoint endpoint, HttpMessageHandler connections, BodyLimits limits, TimeProvider time, CancellationToken ended)
    : DelegatingHandler(connections)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The library's own header is replaced in any case: without a key it would be a made-up one.
        request.Headers.Authorization = endpoint.Secret is { } secret ? new AuthenticationHeaderValue("Bearer", secret) : null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ended);
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, either.Token);
        }
        catch (HttpRequestException fault)
        {
            throw Named(fault);
        }

        try
        {
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw await UpstreamRefusal.OfAsync(endpoint, response, time, either.Token);
            }

            var body = new HttpBody(await response.Content.ReadAsStreamAsync(either.Token), limits, endpoint, time, ended);
            var bounded = new StreamContent(body);
            foreach (var (name, values) in response.Content.Headers)
            {
                bounded.Headers.TryAddWithoutValidation(name, values);
            }

            response.Content = bounded;
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private InferenceException Named(HttpRequestException fault)
    {
        // The library's own exception may hold the address, so its words come along and it doesn't.
        var said = endpoint.Clean((fault.InnerException ?? fault).Message).TrimEnd('.');
        return fault.HttpRequestError switch
        {
            HttpRequestError.ResponseEnded => ChatFault.Make(ChatFault.Incomplete, $"{endpoint} closed the connection before it answered: {said}."),
            HttpRequestError.InvalidResponse => ChatFault.Make(ChatFault.Malformed, $"{endpoint} gave no HTTP answer: {said}. Is the address in endpoint.url right?"),
            HttpRequestError.ConfigurationLimitExceeded => ChatFault.Make(ChatFault.TooLarge, $"{endpoint} sent headers without end: {said}."),
            _ => ChatFault.Make(ChatFault.Unreachable, $"{endpoint} can't be reached: {said}. Start the server, or correct endpoint.url."),
        };
    }
}

/// <summary>What is read of one answer.</summary>
/// <param name="Bytes">The most bytes, of all that came.</param>
/// <param name="Idle">The longest silence.</param>
internal sealed record BodyLimits(long Bytes, TimeSpan Idle);
