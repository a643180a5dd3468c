namespace SwarmPool.Protocol.Errors;

/// <summary>A fault that ends what was being done; the message says what happened and what to do next.</summary>
public sealed class SwarmPoolException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="inner">The cause.</param>
    public SwarmPoolException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>The stable code.</summary>
    public string Code { get; }
}
