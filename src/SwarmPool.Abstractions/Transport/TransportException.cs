namespace SwarmPool.Transport;

/// <summary>Why a transport could not do what was asked.</summary>
public enum TransportFault
{
    /// <summary>Not connected, or the other side failed; may go through later.</summary>
    Unavailable = 0,

    /// <summary>The content is unavailable (within the caller's patience).</summary>
    NotFound,

    /// <summary>More bytes than allowed.</summary>
    TooLarge,

    /// <summary>The bytes don't match their CID.</summary>
    Mismatch,
}

/// <summary>A transport could not do what was asked; <see cref="Fault"/> says why.</summary>
public sealed class TransportException : Exception
{
    /// <summary>Makes the exception.</summary>
    public TransportException(TransportFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>Why.</summary>
    public TransportFault Fault { get; }
}
