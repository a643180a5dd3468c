using System.Globalization;
using System.Text;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.ChatClient.Upstream;

/// <summary>What an answer with another status than 200 means.</summary>
internal static class UpstreamRefusal
{
    private static readonly BodyLimits Words = new(4096, TimeSpan.FromSeconds(5));

    public static async Task<InferenceException> OfAsync(UpstreamEndpoint endpoint, HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var said = status is >= 300 and < 400 ? "" : await WordsAsync(endpoint, response, time, cancellationToken);
        return status switch
        {
            401 or 403 => ChatFault.Make(ChatFault.Unauthorized, $"{endpoint} refuses {(endpoint.Secret is null ? "a request without a key" : "the key")} (HTTP {status}){said}. Put the right one into the file that endpoint.api_key_file names, and start again."),
            404 => ChatFault.Make(ChatFault.ModelMissing, $"{endpoint} has no model \"{endpoint.Model}\", or nothing at the address in endpoint.url (HTTP 404){said}. Load the model there, or correct model.json."),
            429 => ChatFault.Make(ChatFault.Busy, $"{endpoint} has too much to do (HTTP 429){Retry(response, time)}{said}. Lower max_parallel, or give the server more."),
            >= 300 and < 400 => ChatFault.Make(ChatFault.Redirected, $"{endpoint} sends elsewhere (HTTP {status}), which is not followed. Write the address itself into endpoint.url."),
            >= 500 => ChatFault.Make(ChatFault.Failed, $"{endpoint} failed (HTTP {status}){Retry(response, time)}{said}. See the server's log."),
            _ => ChatFault.Make(ChatFault.Refused, $"{endpoint} refuses the request (HTTP {status}){said}."),
        };
    }

    private static string Retry(HttpResponseMessage response, TimeProvider time)
    {
        var after = response.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait is { } known ? string.Create(CultureInfo.InvariantCulture, $"; it asks to wait {Math.Clamp(Math.Ceiling(known.TotalSeconds), 0, 86_400):0} s") : "";
    }

    /// <summary>The server's own words, where it has some; what can't be read of them is left out, since the status says enough.</summary>
    private static async Task<string> WordsAsync(UpstreamEndpoint endpoint, HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var body = new HttpBody(await response.Content.ReadAsStreamAsync(cancellationToken), Words, endpoint, time, cancellationToken);
            await using (body)
            {
                using var read = new MemoryStream();
                await body.CopyToAsync(read, cancellationToken);
                return Message(read.ToArray()) is { Length: > 0 } message ? $": {endpoint.Clean(message).Trim().TrimEnd('.')}" : "";
            }
        }
        catch (InferenceException)
        {
            return "";
        }
    }

    // {"error":{"message":"…"}} of OpenAI's kind, {"error":"…"} of Ollama, {"message":"…"} or {"detail":"…"} of what stands in front.
    private static string? Message(byte[] body)
    {
        try
        {
            using var document = TextFile.ParseJson(body);
            var root = document.RootElement;
            var error = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var inner) ? inner : root;
            return error.ValueKind switch
            {
                JsonValueKind.String => error.GetString(),
                JsonValueKind.Object => Text(error, "message") ?? Text(error, "detail"),
                _ => null,
            };
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body);
            return text.Contains('<', StringComparison.Ordinal) ? null : text; // A page says nothing in a line.
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
