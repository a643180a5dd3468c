using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace SwarmPool.Plugins.Ens.Rpc;

/// <summary>Sends batches of calls to a node, bounded in time and in size.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ChainRpcChannel(IHttpClientFactory clients, TimeSpan timeout, TimeProvider time)
{
    /// <summary>The most that is read of an answer. One that holds what contracts should answer has a hundredth of it.</summary>
    private const int MaxAnswerBytes = 2 * 1024 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>The answers, in the order of the calls.</summary>
    /// <exception cref="RpcException">The node gave none, or not to each call.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<RpcAnswer[]> SendAsync(Endpoint endpoint, IReadOnlyList<ChainRpcCall> calls, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return Read(endpoint, await PostAsync(endpoint, Write(calls), either.Token), calls.Count);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(RpcFault.TimedOut, $"the node {endpoint} did not answer within {timeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The library's own exception may hold the address, so its words come along and it doesn't.
            throw new RpcException(RpcFault.Unreachable, $"the node {endpoint} can't be reached: {endpoint.Clean(e.Message)}");
        }
    }

    private async Task<ReadOnlyMemory<byte>> PostAsync(Endpoint endpoint, byte[] body, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ChainRpcHttp.ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new RpcException(RpcFault.Refused, $"the node {endpoint} refuses with HTTP status {(int)response.StatusCode}");
        }

        return await ChainRpcBody.ReadAsync(response.Content, MaxAnswerBytes, cancellationToken)
            ?? throw new RpcException(RpcFault.TooLarge, $"the answer of the node {endpoint} has more than {MaxAnswerBytes} bytes");
    }

    private static byte[] Write(IReadOnlyList<ChainRpcCall> calls)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            for (var i = 0; i < calls.Count; i++)
            {
                writer.WriteStartObject();
                writer.WriteString("jsonrpc", "2.0");
                writer.WriteNumber("id", i);
                writer.WriteString("method", calls[i].Method);
                writer.WriteStartArray("params");
                calls[i].Parameters?.Invoke(writer);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return stream.ToArray();
    }

    private static RpcAnswer[] Read(Endpoint endpoint, ReadOnlyMemory<byte> body, int count)
    {
        var answers = new RpcAnswer?[count];
        try
        {
            var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 16 });
            var root = JsonElement.ParseValue(ref reader);
            if (root.ValueKind == JsonValueKind.Object && RpcAnswer.Parse(root).Error is { } error)
            {
                throw new RpcException(RpcFault.Refused, $"the node {endpoint} refuses a batch of {count} calls: {endpoint.Clean(error)}");
            }

            foreach (var answer in root.EnumerateArray())
            {
                if (answer.GetProperty("id").TryGetInt32(out var id) && id >= 0 && id < count)
                {
                    answers[id] = RpcAnswer.Parse(answer);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new RpcException(RpcFault.Malformed, $"the answer of the node {endpoint} is not a JSON-RPC batch: {e.GetType().Name}");
        }

        return [.. answers.Select((answer, i) => answer
            ?? throw new RpcException(RpcFault.Malformed, $"the node {endpoint} left call {i} of {count} unanswered"))];
    }
}
