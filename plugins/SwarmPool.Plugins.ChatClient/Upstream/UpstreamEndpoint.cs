namespace SwarmPool.Plugins.ChatClient.Upstream;

/// <summary>Where a model is served. Its text is scheme, host and port, or the key of a client in code. Immutable.</summary>
internal sealed class UpstreamEndpoint
{
    /// <summary>A server that speaks as OpenAI's does.</summary>
    public const string OpenAi = "openai";

    /// <summary>An Ollama server.</summary>
    public const string Ollama = "ollama";

    /// <summary>A client in code.</summary>
    public const string Code = "code";

    private const int MostSaid = 200;

    private readonly Redactor secrets;
    private readonly string shown;

    private UpstreamEndpoint(string kind, Uri? address, string model, string? secret)
    {
        (Kind, Address, Model, Secret) = (kind, address, model, secret);
        secrets = Redactor.For([address?.OriginalString], [secret]);
        shown = address?.GetLeftPart(UriPartial.Authority) ?? $"the client \"{model}\" in code";
    }

    /// <summary>What speaks there: one of the three.</summary>
    public string Kind { get; }

    /// <summary>The whole address, for requests alone, with a slash at its end; null for a client in code.</summary>
    public Uri? Address { get; }

    /// <summary>What the server calls the model; for a client in code, what the services call the client.</summary>
    public string Model { get; }

    /// <summary>The key, for the requests' header alone; null without one.</summary>
    public string? Secret { get; }

    public static UpstreamEndpoint Server(string kind, Uri address, string model, string? secret) => new(kind, address, model, secret);

    public static UpstreamEndpoint InCode(string key) => new(Code, null, key, null);

    /// <summary>Takes the secrets out of what a server or a library said, and control characters, and all beyond 200 characters.</summary>
    public string Clean(string said)
    {
        var text = secrets.Clean(said);
        text = text.Length > MostSaid ? string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MostSaid - 1]) ? MostSaid - 1 : MostSaid), Redactor.Mark) : text;
        return string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));
    }

    public override string ToString() => shown;
}
