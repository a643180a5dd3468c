namespace SwarmPool.Protocol.Errors;

/// <content>How many models a miner has loaded, and backends in processes of their own (SP522x, SP523x).</content>
public static partial class ErrorCodes
{
    /// <summary>SP5220: <c>max_loaded_models</c> is set, and the backend can't unload models.</summary>
    public const string BackendCantUnload = "SP5220";

    /// <summary>SP5221: A model that was to make room for another stays loaded.</summary>
    public const string ModelStaysLoaded = "SP5221";

    /// <summary>SP5222: The backend ended the process that it ran in: by a crash, an exit, a signal.</summary>
    public const string BackendEndedProcess = "SP5222";

    /// <summary>SP5223: The backend's process did not answer, or did not end what was cancelled, and was ended.</summary>
    public const string BackendHung = "SP5223";

    /// <summary>SP5224: The backend's process took more memory than <c>backend_memory_bytes</c>, or than there was.</summary>
    public const string BackendTookMemory = "SP5224";

    /// <summary>SP5225: What came out of the backend's process is no answer, or a larger one than there can be.</summary>
    public const string BackendMalformed = "SP5225";

    /// <summary>SP5226: A model ended the backend's process several times in a row, and is not offered any more.</summary>
    public const string ModelEndsProcess = "SP5226";

    /// <summary>SP5227: The backend can't run in a process of its own, or its process can't be started.</summary>
    public const string BackendProcessUnusable = "SP5227";
}
