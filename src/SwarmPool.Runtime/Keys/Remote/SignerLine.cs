namespace SwarmPool.Runtime.Keys.Remote;

/// <summary>An open line to a signer: a line of request, a line of answer.</summary>
/// <remarks>One request at a time.</remarks>
internal sealed class SignerLine(Stream requests, Stream answers, Action close) : IDisposable
{
    /// <summary>The longest answer, its line end included.</summary>
    public const int MostBytes = 4096;

    private readonly byte[] buffer = new byte[MostBytes];

    /// <exception cref="IOException">The signer is gone.</exception>
    /// <exception cref="InvalidDataException">What it says is too long, or more than one line.</exception>
    public async Task<ReadOnlyMemory<byte>> AskAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await requests.WriteAsync(request, cancellationToken);
        await requests.FlushAsync(cancellationToken);
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await answers.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException("ended before it answered");
            }

            var end = buffer.AsSpan(length, read).IndexOf((byte)'\n') + length;
            length += read;
            if (end == length - 1)
            {
                return buffer.AsMemory(0, end);
            }

            if (end >= length - read)
            {
                throw new InvalidDataException("answered with more than one line");
            }
        }

        throw new InvalidDataException($"answered with a line of more than {MostBytes} bytes");
    }

    public void Dispose() => close();
}
