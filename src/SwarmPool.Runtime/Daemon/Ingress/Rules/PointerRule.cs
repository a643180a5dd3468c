using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;

namespace SwarmPool.Runtime.Daemon.Ingress.Rules;

/// <summary>
/// A pointer to a larger snapshot becomes that snapshot, which is no larger than one may be. To the peer's rate both are one message: it
/// was charged for the pointer, before anything was fetched.
/// </summary>
internal sealed class PointerRule(ContentReader content, TimeSpan fetchPatience) : IFetchingRule
{
    public int Workers => 32;

    public bool MustFetch(IngressMessage message) => SnapshotPointer.TryRead(message.Payload.Span, out _);

    public ValueTask<Refusal?> CheckAsync(IngressMessage message, CancellationToken cancellationToken) =>
        SnapshotPointer.TryRead(message.Payload.Span, out var cid) ? FetchAsync(message, cid, cancellationToken) : default;

    private async ValueTask<Refusal?> FetchAsync(IngressMessage message, Transport.Cid cid, CancellationToken cancellationToken)
    {
        var (bytes, refusal) = await content.FetchAsync(cid, SnapshotCodec.MaxBytes, fetchPatience, cancellationToken);
        message.Payload = refusal is null ? bytes : message.Payload;
        return refusal;
    }
}
