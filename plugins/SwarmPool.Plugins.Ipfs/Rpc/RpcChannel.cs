using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Rpc;

/// <summary>Calls a node: POST only, errors in every form that nodes give them, nothing read without a limit.</summary>
/// <remarks>
/// Thread-safe. What goes wrong is a <see cref="TransportException"/>; when the node refused, its inner exception is a
/// <see cref="NodeErrorException"/>. No message holds what authorizes a call.
/// </remarks>
internal sealed class RpcChannel(IHttpClientFactory clients, NodeAddress node, TimeProvider time)
{
    /// <summary>The name of the client in the factory.</summary>
    public const string ClientName = "SwarmPool.Plugins.Ipfs";

    private const int MaxErrorBytes = 8 * 1024;

    public NodeAddress Node => node;

    /// <summary>Makes a call whose answer doesn't matter.</summary>
    public async Task CallAsync(RpcCall call, CancellationToken cancellationToken) => await CallForBytesAsync(call, cancellationToken);

    /// <summary>Makes a call and reads its one JSON answer, or the last where there are several lines.</summary>
    public async Task<T> CallAsync<T>(RpcCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var bytes = await CallForBytesAsync(call, cancellationToken);
        var text = bytes.AsSpan().TrimEnd("\r\n "u8);
        try
        {
            return JsonSerializer.Deserialize(text[(text.LastIndexOf((byte)'\n') + 1)..], type) ?? throw Senseless(call, null);
        }
        catch (JsonException e)
        {
            throw Senseless(call, e);
        }
    }

    /// <summary>Makes a call and reads all of its answer.</summary>
    public async Task<byte[]> CallForBytesAsync(RpcCall call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(call.Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var answer = await SendAsync(call, both.Token);
            return await ReadAsync(call, answer, both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooSlow(call, e);
        }
    }

    /// <summary>Makes a call and hands over its answer as it comes, once the node has taken the call. The caller disposes it.</summary>
    public async Task<HttpResponseMessage> OpenAsync(RpcCall call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(call.Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await SendAsync(call, both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw TooSlow(call, e);
        }
    }

    /// <summary>A fault of the connection in the middle of an answer.</summary>
    public TransportException Broken(RpcCall call, Exception fault) => new(
        TransportFault.Unavailable, $"The IPFS node at {node} broke off in the middle of {call} ({node.Secrets.Clean(fault.Message)}).", node.Secrets.Clean(fault));

    private async Task<byte[]> ReadAsync(RpcCall call, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            bytes = await BoundedBody.ReadAsync(answer.Content, call.MaxAnswerBytes, $"The answer to {call}", cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw Broken(call, e);
        }

        // An error that comes after the first bytes stands behind the last.
        return answer.TrailingHeaders.TryGetValues("X-Stream-Error", out var errors) && string.Join("; ", errors) is { Length: > 0 } late
            ? throw Refused(call, answer.StatusCode, late)
            : bytes;
    }

    private async Task<HttpResponseMessage> SendAsync(RpcCall call, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Under(node.Root)) { Content = Multipart(call.Body) };
        request.Headers.Authorization = node.Authorization;
        HttpResponseMessage? answer = null;
        try
        {
            answer = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                var taken = answer;
                answer = null;
                return taken;
            }

            throw await RefusedAsync(call, answer, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw new TransportException(
                TransportFault.Unavailable, $"The IPFS node at {node} does not answer {call} ({node.Secrets.Clean(e.Message)}). Check that it runs and that 'api' is its RPC address.", node.Secrets.Clean(e));
        }
        finally
        {
            answer?.Dispose();
        }
    }

    // Nodes want a type for each part, and a name of a file where there is one.
    private static MultipartFormDataContent? Multipart(ReadOnlyMemory<byte>? body)
    {
        if (body is not { } bytes)
        {
            return null;
        }

        var part = new ReadOnlyMemoryContent(bytes);
        part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return new MultipartFormDataContent { { part, "data", "data" } };
    }

    private async Task<TransportException> RefusedAsync(RpcCall call, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest)
        {
            // What would be shown elsewhere is not ours to show there.
            var elsewhere = answer.Headers.Location is { IsAbsoluteUri: true } other ? other.GetLeftPart(UriPartial.Authority) : "elsewhere";
            return Refused(call, answer.StatusCode, $"it redirects the call to {elsewhere}, which is not followed; set 'api' to the address of the API");
        }

        var message = "";
        try
        {
            message = Message(await BoundedBody.ReadAsync(answer.Content, MaxErrorBytes, "The error", cancellationToken), answer.Content.Headers.ContentType);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or TransportException)
        {
            // The status says enough.
            message = e.Message;
        }

        return Refused(call, answer.StatusCode, answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"{message} (check 'auth', and the node's API.Authorizations)",
            HttpStatusCode.NotFound => $"{message} (this is not an IPFS RPC API, or the node lacks the command)",
            _ => message,
        });
    }

    private static string Message(byte[] body, MediaTypeHeaderValue? type)
    {
        if (type?.MediaType == "application/json")
        {
            try
            {
                return JsonSerializer.Deserialize(body, AnswerJson.Default.NodeError)?.Message ?? "";
            }
            catch (JsonException)
            {
                // Labelled as JSON, but it is not: shown as it is.
            }
        }

        return System.Text.Encoding.UTF8.GetString(body);
    }

    private TransportException Refused(RpcCall call, HttpStatusCode status, string message)
    {
        var error = new NodeErrorException(status, NodeErrorException.Printable(node.Secrets.Clean(message)));
        return new TransportException(
            error.IsNotFound ? TransportFault.NotFound : TransportFault.Unavailable,
            $"The IPFS node at {node} refused {call} ({(int)status}): {error.Message}",
            error);
    }

    private TransportException Senseless(RpcCall call, Exception? inner) =>
        new(TransportFault.Unavailable, $"The IPFS node at {node} answered {call} with something else than expected. Check that 'api' is an IPFS RPC address.", inner);

    private TransportException TooSlow(RpcCall call, Exception inner) =>
        new(TransportFault.Unavailable, $"The IPFS node at {node} did not answer {call} within {call.Patience.TotalSeconds:0.###} s.", inner);
}
