using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Snapshots;

/// <summary>Bytes to snapshots and back. docs/protocol.md is the full text.</summary>
/// <remarks>Pure but for <see cref="SignAsync"/>, which asks the signer; thread-safe. What it is given may be hostile: size is checked first.</remarks>
public static class SnapshotCodec
{
    /// <summary>The most bytes of a snapshot: 65,536.</summary>
    public const int MaxBytes = 65_536;

    /// <summary>The most bytes of a page: one raw block, 262,144.</summary>
    public const int MaxPageBytes = ContentAddress.BlockBytes;

    private static readonly string SignatureRoom = "0x" + new string('0', 130);

    /// <summary>Reads a snapshot that came from outside. It says nothing about who signed it.</summary>
    /// <param name="bytes">The canonical bytes; they are copied.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="refusal">
    /// Why not: SP2001 too large, what <see cref="CanonicalJson.TryCanonicalize"/> refuses, SP2013 not in canonical form, SP2008
    /// unknown type, SP2010 unknown version, SP3010 a bad <c>payment.amount</c>, SP2011 any other field missing or wrong.
    /// </param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out SignedSnapshot? snapshot, [NotNullWhen(false)] out Refusal? refusal)
    {
        snapshot = TryRead(bytes.Span, MaxBytes, "snapshot", out var canonical, out refusal) && TryDecodeCanonical(canonical, out var body, out var signature, out refusal)
            ? new SignedSnapshot(body, canonical, signature)
            : null;
        return snapshot is not null;
    }

    private static bool TryDecodeCanonical(
        byte[] canonical, [NotNullWhen(true)] out Snapshot? body, out Range signature, [NotNullWhen(false)] out Refusal? refusal)
    {
        (body, signature) = (null, default);
        if (!SnapshotHeader.TryRead(canonical, out var header, out refusal)
            || !TryDeserialize(canonical, SnapshotSchema.Of(header.Type)!, out var record, out refusal))
        {
            return false;
        }

        refusal = FieldRules.Check((Snapshot)record);
        (body, signature) = ((Snapshot)record, header.Signature);
        return refusal is null;
    }

    /// <summary>The canonical bytes of a snapshot as it is: <c>sig</c> included when it is set.</summary>
    /// <exception cref="ArgumentException">The record is not one of the protocol's.</exception>
    /// <exception cref="SwarmPoolException">A field can't be written: an integer beyond 2^53, an enum that has no such value.</exception>
    public static byte[] Canonical(Snapshot body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Write(body, SnapshotSchema.Of(body), body.Type);
    }

    /// <summary>The text that is signed, UTF-8, over the very bytes that were read: fields that this build doesn't know are covered.</summary>
    public static byte[] SigningText(SignedSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return SigningTextWriter.Of(snapshot.Body, snapshot.Bytes.Span, snapshot.Signature);
    }

    /// <summary>The text that is signed, UTF-8, for a snapshot that isn't signed yet; a <c>sig</c> in it is left out.</summary>
    /// <exception cref="ArgumentException">The record is not one of the protocol's.</exception>
    /// <exception cref="SwarmPoolException">A field is wrong: its line in the text could be taken for another.</exception>
    public static byte[] SigningText(Snapshot body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var canonical = Canonical(body with { Sig = null });
        return FieldRules.Check(body) is { } refusal
            ? throw new SwarmPoolException(refusal.Code, $"The {body.Type} that was to be signed is not valid. {refusal.Reason}")
            : SigningTextWriter.Of(body, canonical, default);
    }

    /// <summary>Signs a snapshot; a <c>sig</c> in it is replaced.</summary>
    /// <param name="body">What to sign.</param>
    /// <param name="signer">Signs for <see cref="Snapshot.Signer"/>; that the name belongs to its account is the caller's to know.</param>
    /// <param name="ct">Cancels a remote signer.</param>
    /// <exception cref="SwarmPoolException">A field is missing or wrong; the code and reason are those a reader would refuse it with.</exception>
    /// <exception cref="ArgumentException">The record is not one of the protocol's.</exception>
    public static async ValueTask<SignedSnapshot> SignAsync(Snapshot body, ISigner signer, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(signer);

        // Written once, with room for the signature, and read back as a stranger will read it, so that nothing is sent that every
        // reader refuses. All signatures have one length: it takes its room, and nothing is written again.
        var bytes = Canonical(body with { Sig = SignatureRoom });
        var refusal = SizeRefusal(bytes.Length, MaxBytes, "snapshot");
        if (refusal is not null || !TryDecodeCanonical(bytes, out var read, out var place, out refusal))
        {
            throw new SwarmPoolException(refusal.Code, $"The {body.Type} that was to be signed is not valid. {refusal.Reason}");
        }

        var signature = await signer.SignAsync(SigningTextWriter.Of(read, bytes, place), ct);
        var text = "0x" + Convert.ToHexStringLower(signature.Span);
        if (text.Length != SignatureRoom.Length)
        {
            throw new SwarmPoolException(ErrorCodes.BadSignature, $"The signer gave {signature.Length} bytes; a signature has 65: r, s and v.");
        }

        var member = bytes.AsSpan(place);
        Encoding.ASCII.GetBytes(text, member[member.IndexOf("0x"u8)..]);
        return new SignedSnapshot(read with { Sig = text }, bytes, place);
    }

    /// <summary>The canonical bytes of a page: <c>{"items":[…]}</c>.</summary>
    /// <typeparam name="TItem">One of the item records that pages have.</typeparam>
    /// <param name="items">The items, in order.</param>
    /// <exception cref="ArgumentException">The protocol has no pages of such items, or they need more than <see cref="MaxPageBytes"/>.</exception>
    public static byte[] EncodePage<TItem>(IReadOnlyList<TItem> items)
    {
        return TryEncodePage(items, out var bytes)
            ? bytes
            : throw new ArgumentException($"{items.Count} items make a page of {bytes.Length} bytes; a page has at most {MaxPageBytes}: put fewer on it.", nameof(items));
    }

    /// <summary>The canonical bytes of a page, and whether they are no more than <see cref="MaxPageBytes"/>.</summary>
    internal static bool TryEncodePage<TItem>(IReadOnlyList<TItem> items, out byte[] bytes)
    {
        bytes = Write(new SnapshotPage<TItem>(items), SnapshotSchema.PageOf<TItem>(), "page");
        return bytes.Length <= MaxPageBytes;
    }

    /// <summary>Reads a page. That it is the page somebody signed for is for its CID to say, which the caller has checked.</summary>
    /// <typeparam name="TItem">One of the item records that pages have.</typeparam>
    /// <param name="bytes">The canonical bytes.</param>
    /// <param name="items">The items, in order.</param>
    /// <param name="refusal">Why not: as in <see cref="TryDecode"/>.</param>
    /// <exception cref="ArgumentException">The protocol has no pages of such items.</exception>
    public static bool TryDecodePage<TItem>(
        ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out IReadOnlyList<TItem>? items, [NotNullWhen(false)] out Refusal? refusal)
    {
        items = null;
        if (!TryRead(bytes.Span, MaxPageBytes, "page", out var canonical, out refusal)
            || !TryDeserialize(canonical, SnapshotSchema.PageOf<TItem>(), out var page, out refusal))
        {
            return false;
        }

        items = ((SnapshotPage<TItem>)page).Items;
        return true;
    }

    private static Refusal? SizeRefusal(int length, int limit, string what) => length <= limit
        ? null
        : new Refusal(ErrorCodes.SnapshotTooLarge, $"The {what} has {length} bytes; at most {limit} are read: put large content behind a CID.");

    private static bool TryRead(
        ReadOnlySpan<byte> bytes, int limit, string what, [NotNullWhen(true)] out byte[]? canonical, [NotNullWhen(false)] out Refusal? refusal)
    {
        canonical = null;
        refusal = SizeRefusal(bytes.Length, limit, what);
        if (refusal is not null || !CanonicalJson.TryCanonicalize(bytes, out canonical, out refusal))
        {
            return false;
        }

        if (!canonical.AsSpan().SequenceEqual(bytes))
        {
            refusal = new Refusal(
                ErrorCodes.NotCanonical,
                $"The {what} is not in canonical form (RFC 8785: no white space, sorted keys, shortest escapes): send the canonical bytes that were signed.");
            return false;
        }

        return true;
    }

    private static bool TryDeserialize(
        byte[] canonical, JsonTypeInfo info, [NotNullWhen(true)] out object? body, [NotNullWhen(false)] out Refusal? refusal)
    {
        try
        {
            body = JsonSerializer.Deserialize(canonical, info)!;
            refusal = null;
            return true;
        }
        catch (JsonException e)
        {
            body = null;
            refusal = WireMismatch.Explain(canonical, info, e);
            return false;
        }
    }

    private static byte[] Write(object record, JsonTypeInfo info, string what)
    {
        try
        {
            return CanonicalJson.TryCanonicalize(JsonSerializer.SerializeToUtf8Bytes(record, info), out var canonical, out var refusal)
                ? canonical
                : throw new SwarmPoolException(refusal.Code, $"The {what} can't be written: {refusal.Reason}");
        }
        catch (JsonException e)
        {
            throw new SwarmPoolException(ErrorCodes.BadField, $"The {what} can't be written: {e.Message}", e);
        }
    }
}
