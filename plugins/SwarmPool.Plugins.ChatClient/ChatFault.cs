using SwarmPool.Inference;

namespace SwarmPool.Plugins.ChatClient;

/// <summary>Faults that have a stable code of their own (docs/errors.md); the message ends with it.</summary>
internal static class ChatFault
{
    /// <summary>The job's input is not what the model takes.</summary>
    public const string InputInvalid = "SP5121";

    /// <summary>No connection to the server, or none that it answered on.</summary>
    public const string Unreachable = "SP5122";

    /// <summary>The server wants another key, or one at all: 401, 403.</summary>
    public const string Unauthorized = "SP5123";

    /// <summary>The server has no such model, or no such address: 404.</summary>
    public const string ModelMissing = "SP5124";

    /// <summary>The server has too much to do: 429.</summary>
    public const string Busy = "SP5125";

    /// <summary>The server failed: 5xx, or a client in code that threw.</summary>
    public const string Failed = "SP5126";

    /// <summary>The server refuses the request: another 4xx.</summary>
    public const string Refused = "SP5127";

    /// <summary>The server sends elsewhere: 3xx. It is not followed, since the key would go along.</summary>
    public const string Redirected = "SP5128";

    /// <summary>What the server sent is not what the client can read.</summary>
    public const string Malformed = "SP5129";

    /// <summary>The answer ended before it was complete.</summary>
    public const string Incomplete = "SP5130";

    /// <summary>The server sent more than is read, or the answer is larger than allowed.</summary>
    public const string TooLarge = "SP5131";

    /// <summary>It took longer than allowed, or nothing came for too long.</summary>
    public const string TimedOut = "SP5132";

    public static InferenceException Make(string code, FormattableString message, Exception? inner = null) =>
        new($"{FormattableString.Invariant(message)} ({code})", inner);
}
