using System.Diagnostics.CodeAnalysis;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Protocol.Json;

/// <summary>
/// Canonical JSON (RFC 8785) for the protocol's subset: strings, integers of magnitude up to 2^53, booleans, arrays and
/// objects. One value has exactly one byte sequence, so one snapshot has exactly one CID and one signature.
/// </summary>
/// <remarks>
/// Pure; thread-safe. Memory is bounded by the input: the canonical form is never longer than what it was made from, and
/// at most four buffers of the input's size are rented meanwhile. Callers bound the input.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>The deepest nesting of arrays and objects that is read: 32.</summary>
    public const int MaxDepth = 32;

    /// <summary>The largest magnitude of an integer: 2^53.</summary>
    public const long MaxInteger = 9_007_199_254_740_992;

    /// <summary>Brings JSON text (UTF-8) into canonical form.</summary>
    /// <param name="json">One JSON value; white space around it is allowed, a byte order mark is not.</param>
    /// <param name="canonical">The canonical bytes; the caller owns them.</param>
    /// <param name="refusal">
    /// Why not: SP2002 not JSON, SP2003 duplicate key, SP2004 too deep, SP2005 bad UTF-8 or a lone surrogate, SP2006 a fraction
    /// or an exponent, SP2007 an integer out of range, SP2012 null. The reason names the place by JSON path.
    /// </param>
    public static bool TryCanonicalize(
        ReadOnlySpan<byte> json, [NotNullWhen(true)] out byte[]? canonical, [NotNullWhen(false)] out Refusal? refusal)
    {
        using var pass = new CanonicalPass(json.Length);
        refusal = pass.Run(json);
        canonical = refusal is null ? pass.Written.ToArray() : null;
        return refusal is null;
    }

    /// <summary>True when the bytes are JSON of the subset and already in canonical form. Allocates nothing when they are.</summary>
    /// <param name="json">Any bytes.</param>
    public static bool IsCanonical(ReadOnlySpan<byte> json)
    {
        using var pass = new CanonicalPass(json.Length);
        return pass.Run(json) is null && pass.Written.SequenceEqual(json);
    }
}
