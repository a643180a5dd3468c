using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Content;

/// <summary>Fetches content that a stranger named: bounded in size and time, and checked against its CID here too.</summary>
internal sealed class ContentReader(IContentStore content, TimeProvider time)
{
    /// <summary>The content, or the refusal that names what was wrong. Throws only when cancelled from outside.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Bytes, Refusal? Refusal)> FetchAsync(
        Cid cid, int maxBytes, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            // Waited for, not trusted to stop: a transport that can't be told to must not keep whoever looks for the next content.
            var bytes = await content.GetAsync(cid, maxBytes, both.Token).AsTask().WaitAsync(both.Token);
            if (bytes.Length > maxBytes)
            {
                return (default, new Refusal(ErrorCodes.ContentTooLarge, $"The content {cid} has more than {maxBytes} bytes."));
            }

            return ContentAddress.Matches(cid, bytes.Span)
                ? (bytes, null)
                : (default, new Refusal(ErrorCodes.ContentMismatch, $"The bytes that came for {cid} do not have that CID."));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (default, new Refusal(ErrorCodes.ContentNotFound, $"The content {cid} was not found within {patience.TotalSeconds:0} s."));
        }
        catch (TransportException e)
        {
            return (default, new Refusal(CodeOf(e.Fault), e.Message));
        }
    }

    /// <summary>The snapshot, when it is of the type that was asked for; or the refusal that names what was wrong. Whose it is has to be checked still.</summary>
    /// <typeparam name="TBody">What it has to be; <see cref="Snapshot"/> takes every type.</typeparam>
    public async ValueTask<(TypedSnapshot<TBody>? Snapshot, Refusal? Refusal)> FetchSnapshotAsync<TBody>(
        Cid cid, TimeSpan patience, CancellationToken cancellationToken, int maxBytes = SnapshotCodec.MaxBytes)
        where TBody : Snapshot
    {
        var (bytes, refusal) = await FetchAsync(cid, maxBytes, patience, cancellationToken);
        return refusal is null ? TypedSnapshot.Read<TBody>(bytes, $"The snapshot {cid}") : (null, refusal);
    }

    private static string CodeOf(TransportFault fault) => fault switch
    {
        TransportFault.NotFound => ErrorCodes.ContentNotFound,
        TransportFault.TooLarge => ErrorCodes.ContentTooLarge,
        TransportFault.Mismatch => ErrorCodes.ContentMismatch,
        _ => ErrorCodes.ContentUnavailable,
    };
}
