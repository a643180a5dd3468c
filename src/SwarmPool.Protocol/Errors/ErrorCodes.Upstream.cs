namespace SwarmPool.Protocol.Errors;

/// <content>What servers of models do wrong (SP512x, SP513x).</content>
public static partial class ErrorCodes
{
    /// <summary>SP5121: The input of a chat or embeddings job is not what the model takes.</summary>
    public const string ChatInputInvalid = "SP5121";

    /// <summary>SP5122: A model's server can't be reached.</summary>
    public const string UpstreamUnreachable = "SP5122";

    /// <summary>SP5123: A model's server refuses the key, or a request without one.</summary>
    public const string UpstreamUnauthorized = "SP5123";

    /// <summary>SP5124: A model's server has no such model, or nothing at that address.</summary>
    public const string UpstreamModelMissing = "SP5124";

    /// <summary>SP5125: A model's server has too much to do; the message has how long it asks to wait.</summary>
    public const string UpstreamBusy = "SP5125";

    /// <summary>SP5126: A model's server, or its client in code, failed.</summary>
    public const string UpstreamFailed = "SP5126";

    /// <summary>SP5127: A model's server refuses the request.</summary>
    public const string UpstreamRefused = "SP5127";

    /// <summary>SP5128: A model's server sends elsewhere, which is not followed: the key would go along.</summary>
    public const string UpstreamRedirected = "SP5128";

    /// <summary>SP5129: What a model's server answered can't be read, or can't be an answer.</summary>
    public const string UpstreamMalformed = "SP5129";

    /// <summary>SP5130: The answer of a model's server ended before it was complete.</summary>
    public const string UpstreamIncomplete = "SP5130";

    /// <summary>SP5131: A model's server sent more than an answer within the limits has.</summary>
    public const string UpstreamTooLarge = "SP5131";

    /// <summary>SP5132: A model's server took longer than allowed, or was silent for too long.</summary>
    public const string UpstreamTimedOut = "SP5132";
}
