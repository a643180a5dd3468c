using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SwarmPool.Plugins.Ens.Rpc;

namespace SwarmPool.Plugins.Ens.Offchain;

/// <summary>Asks the gateways that a contract names: https only, no redirects, bounded in time and size.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Gateway(IHttpClientFactory clients, TimeSpan timeout, TimeProvider time)
{
    /// <summary>A proof of another chain's state has some tens of thousands.</summary>
    private const int MaxAnswerBytes = 256 * 1024;

    /// <summary>The first answer that one of them gives.</summary>
    /// <exception cref="OffchainException">None gives one.</exception>
    public async Task<byte[]> AskAsync(OffchainLookup lookup, CancellationToken cancellationToken)
    {
        var last = new OffchainException(passing: false, "its resolver names no https gateway");
        foreach (var template in lookup.Urls)
        {
            var isPost = !template.Contains("{data}", StringComparison.Ordinal);
            var url = template.Replace("{sender}", lookup.Sender.ToString(), StringComparison.Ordinal).Replace("{data}", Hex(lookup.CallData), StringComparison.Ordinal);
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.UserInfo.Length > 0)
            {
                continue;
            }

            try
            {
                return await AskAsync(uri, isPost ? lookup : null, cancellationToken);
            }
            catch (OffchainException fault) when (fault.IsPassing)
            {
                last = fault;
            }
        }

        throw last;
    }

    private async Task<byte[]> AskAsync(Uri url, OffchainLookup? post, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var client = clients.CreateClient(GatewayHttp.ClientName);
            using var request = new HttpRequestMessage(post is null ? HttpMethod.Get : HttpMethod.Post, url) { Content = post is null ? null : Body(post) };
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                // 4xx is an answer (EIP-3668), and so is a redirect, which nobody follows; 5xx passes.
                throw new OffchainException((int)response.StatusCode >= 500, $"its gateway {url.Host} refuses with HTTP status {(int)response.StatusCode}");
            }

            var body = await ChainRpcBody.ReadAsync(response.Content, MaxAnswerBytes, either.Token)
                ?? throw new OffchainException(passing: false, $"the answer of its gateway {url.Host} has more than {MaxAnswerBytes} bytes");
            return Read(body) ?? throw new OffchainException(passing: false, $"the answer of its gateway {url.Host} is not valid");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OffchainException(passing: true, $"its gateway {url.Host} did not answer within {timeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw e.InnerException as OffchainException ?? new OffchainException(passing: true, $"its gateway {url.Host} can't be reached");
        }
    }

    private static ByteArrayContent Body(OffchainLookup lookup)
    {
        var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string> { ["data"] = Hex(lookup.CallData), ["sender"] = lookup.Sender.ToString() }));
        body.Headers.ContentType = new("application/json");
        return body;
    }

    private static byte[]? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 8 });
            var root = JsonElement.ParseValue(ref reader);
            return RpcAnswer.TryBytes(RpcAnswer.Member(root, "data"), out var bytes) ? bytes : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Hex(byte[] data) => "0x" + Convert.ToHexStringLower(data);
}
