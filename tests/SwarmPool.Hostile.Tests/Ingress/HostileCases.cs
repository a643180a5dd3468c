using System.Text.Json.Nodes;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;

namespace SwarmPool.Hostile.Tests.Ingress;

/// <summary>One thing that a stranger sends, and what the pool has to call it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Code">The refusal's code.</param>
/// <param name="Make">The bytes; what has to happen before they are sent happens here.</param>
/// <param name="Topic">Where they are sent.</param>
/// <param name="Answered">Whether the sender, who signed validly, is told.</param>
internal sealed record HostileCase(string Name, string Code, Func<Forger, Task<byte[]>> Make, string Topic = Topics.Jobs, bool Answered = false);

/// <summary>Every way to be hostile that has a name.</summary>
internal static class HostileCases
{
    private const string NaN = "NaN";
    private static readonly EnsName Nobody = EnsName.Parse("nobody.eth");

    public static IReadOnlyList<HostileCase> All { get; } =
    [
        .. Form, .. Numbers, .. Fields, .. Addressed, .. Signatures, .. Content,
    ];

    private static HostileCase[] Form =>
    [
        new("one byte too many", ErrorCodes.SnapshotTooLarge, _ => Task.FromResult(new byte[SnapshotCodec.MaxBytes + 1])),
        new("the largest message there is", ErrorCodes.SnapshotTooLarge, _ => Task.FromResult(new byte[240 * 1024])),
        new("nothing", ErrorCodes.NotJson, _ => Task.FromResult(Array.Empty<byte>())),
        new("no JSON", ErrorCodes.NotJson, _ => Task.FromResult("GET / HTTP/1.1"u8.ToArray())),
        new("JSON cut off", ErrorCodes.NotJson, f => f.JobTextAsync(t => t[..^1])),
        new("two objects", ErrorCodes.NotJson, f => f.JobTextAsync(t => t + t)),
        new("a comment", ErrorCodes.NotJson, f => f.JobTextAsync(t => "/**/" + t)),
        new("a trailing comma", ErrorCodes.NotJson, f => f.JobTextAsync(t => t[..^1] + ",}")),
        new("a list", ErrorCodes.NotJson, f => f.JobTextAsync(t => $"[{t}]")),
        new("a text", ErrorCodes.NotJson, _ => Task.FromResult("\"job\""u8.ToArray())),
        new("a duplicate key", ErrorCodes.DuplicateKey, f => f.JobTextAsync(t => "{\"client\":\"clinic.bob.eth\"," + t[1..])),
        new("a duplicate key, escaped", ErrorCodes.DuplicateKey, f => f.JobTextAsync(t => "{\"\\u0063lient\":\"clinic.bob.eth\"," + t[1..])),
        new("a duplicate key deep inside", ErrorCodes.DuplicateKey, f => f.JobTextAsync(t => t.Replace("\"currency\":\"USDC\"", "\"currency\":\"USDC\",\"currency\":\"USDC\"", StringComparison.Ordinal))),
        new("33 levels", ErrorCodes.TooDeep, f => f.JobTextAsync(t => Nested(t, 32))),
        new("20,000 levels", ErrorCodes.TooDeep, f => f.JobTextAsync(t => Nested(t, 20_000))),
        new("20,000 levels that never end", ErrorCodes.TooDeep, _ => Task.FromResult(Enumerable.Repeat((byte)'[', 20_000).ToArray())),
        new("a byte that is no UTF-8", ErrorCodes.BadUtf8, f => RawAsync(f, 0xff)),
        new("an overlong slash", ErrorCodes.BadUtf8, f => RawAsync(f, 0xc0, 0xaf)),
        new("a surrogate in UTF-8", ErrorCodes.BadUtf8, f => RawAsync(f, 0xed, 0xa0, 0x80)),
        new("half a character", ErrorCodes.BadUtf8, f => RawAsync(f, 0xf0, 0x9f)),
        new("a lone surrogate, escaped", ErrorCodes.BadUtf8, f => f.JobTextAsync(t => "{\"a\":\"\\ud800\"," + t[1..])),
        new("a byte order mark", ErrorCodes.NotJson, f => f.JobTextAsync(t => "\ufeff" + t)),
        new("white space", ErrorCodes.NotCanonical, f => f.JobTextAsync(t => t + "\n")),
        new("keys out of order", ErrorCodes.NotCanonical, f => f.JobTextAsync(t => "{\"zzz\":1," + t[1..])),
        new("an escape that is not needed", ErrorCodes.NotCanonical, f => f.JobTextAsync(t => t.Replace("clinic", "\\u0063linic", StringComparison.Ordinal))),
    ];

    private static HostileCase[] Numbers =>
    [
        new("a fraction", ErrorCodes.Fraction, f => f.JobTextAsync(t => "{\"a\":1.5," + t[1..])),
        new("a fraction of nothing", ErrorCodes.Fraction, f => f.JobTextAsync(t => "{\"a\":1.0," + t[1..])),
        new("an exponent", ErrorCodes.Fraction, f => f.JobTextAsync(t => "{\"a\":1e3," + t[1..])),
        new("a huge exponent", ErrorCodes.Fraction, f => f.JobTextAsync(t => "{\"a\":1e999999999," + t[1..])),
        new("2^53 + 1", ErrorCodes.IntegerRange, f => f.JobTextAsync(t => "{\"a\":9007199254740993," + t[1..])),
        new("-2^53 - 1", ErrorCodes.IntegerRange, f => f.JobTextAsync(t => "{\"a\":-9007199254740993," + t[1..])),
        new("2^64", ErrorCodes.IntegerRange, f => f.JobTextAsync(t => "{\"a\":18446744073709551616," + t[1..])),
        new("a number of 50,000 digits", ErrorCodes.IntegerRange, f => f.JobTextAsync(t => $"{{\"a\":{new string('9', 50_000)},{t[1..]}")),
        new("a leading zero", ErrorCodes.NotJson, f => f.JobTextAsync(t => "{\"a\":01," + t[1..])),
        new("NaN as a number", ErrorCodes.NotJson, f => f.JobTextAsync(t => "{\"a\":NaN," + t[1..])),
        new("NaN as an amount", ErrorCodes.BadAmount, f => f.JobWithAsync("payment", Payment(NaN))),
        new("a negative amount", ErrorCodes.BadAmount, f => f.JobWithAsync("payment", Payment("-1"))),
        new("an amount with an exponent", ErrorCodes.BadAmount, f => f.JobWithAsync("payment", Payment("1e6"))),
        new("an amount of seven places", ErrorCodes.BadAmount, f => f.JobWithAsync("payment", Payment("0.0000001"))),
        new("more money than there may be", ErrorCodes.BadAmount, f => f.JobWithAsync("payment", Payment("1000000000.000001"))),
        new("an amount over the cap", ErrorCodes.AmountOverCap, f => Forger.SignAsync(f.Messages.Job("10000.000001")), Answered: true),
    ];

    private static HostileCase[] Fields =>
    [
        new("null", ErrorCodes.NullValue, f => f.JobWithAsync("replicas", null)),
        new("a text for a number", ErrorCodes.BadField, f => f.JobWithAsync("deadline", "1800000000")),
        new("a number for a text", ErrorCodes.BadField, f => f.JobWithAsync("model", 7)),
        new("an object for a text", ErrorCodes.BadField, f => f.JobWithAsync("client", new JsonObject())),
        new("a field too few", ErrorCodes.BadField, f => f.JobTextAsync(t => t.Replace("\"job_type\":\"image-classification\",", "", StringComparison.Ordinal))),
        new("a deadline before time began", ErrorCodes.BadField, f => f.JobWithAsync("deadline", -1)),
        new("six replicas", ErrorCodes.BadField, f => f.JobWithAsync("replicas", 6)),
        new("a CID that is none", ErrorCodes.BadField, f => f.JobWithAsync("input_cid", "bafkreigoydosbezvcz5jsa2q3ro34bfxkbku66hhpiitgmx6tvknzb6j5!")),
        new("a name of another alphabet", ErrorCodes.BadField, f => f.JobWithAsync("client", "clіnic.bob.eth")), // The і is Cyrillic.
        new("an unknown type", ErrorCodes.UnknownType, f => f.JobWithAsync("type", "transfer")),
        new("a type that is a claim's", ErrorCodes.BadField, f => f.JobWithAsync("type", "claim")),
        new("version 2", ErrorCodes.UnknownVersion, f => f.JobWithAsync("version", "2.0.0")),
        new("no version", ErrorCodes.UnknownVersion, f => f.JobWithAsync("version", "")),
        new("a claim among the jobs", ErrorCodes.WrongTopic, f => Forger.SignAsync(f.Messages.Claim(Messages.AnyCid("job"), f.Pool.Alice))),
        new("an announcement of the pool's", ErrorCodes.WrongTopic, _ => ExampleAsync("jobs/new")),
    ];

    private static HostileCase[] Addressed =>
    [
        new("for another pool", ErrorCodes.WrongPool, f => Forger.SignAsync(f.Messages.Job() with { Pool = EnsName.Parse("other.eth") }), Answered: true),
        new("of another network", ErrorCodes.WrongNetwork, f => Forger.SignAsync(f.Messages.Job() with { Network = "eip155:1" }), Answered: true),
        new("a claim five minutes old", ErrorCodes.Stale, f => Forger.SignAsync(f.Messages.Claim(Messages.AnyCid("job"), f.Pool.Alice) with { Timestamp = Now - 305 }), Topics.Claims, Answered: true),
        new("a claim from the future", ErrorCodes.InFuture, f => Forger.SignAsync(f.Messages.Claim(Messages.AnyCid("job"), f.Pool.Alice) with { Timestamp = Now + 900 }), Topics.Claims, Answered: true),
        new("a claim replayed after its job was put back", ErrorCodes.WrongAttempt, f => f.ReplayedClaimAsync(), Topics.Claims, Answered: true),
        new("a proof of a lease that was given back", ErrorCodes.NoLiveLease, f => f.ReplayedProofAsync(), Topics.Proofs, Answered: true),
        new("a registration replayed", ErrorCodes.OldRegistration, f => f.ReplayedRegistrationAsync(), Topics.Miners, Answered: true),
        new("another's job taken back", ErrorCodes.NotYourJob, async f => await Forger.SignAsync(f.Messages.Cancel(await f.Town.SubmitAsync(), Messages.Miner(3))), Answered: true),
    ];

    private static HostileCase[] Signatures =>
    [
        new("no signature", ErrorCodes.BadSignature, f => f.JobTextAsync(t => System.Text.RegularExpressions.Regex.Replace(t, "\"sig\":\"[^\"]*\",", ""))),
        new("another's signature", ErrorCodes.WrongSigner, f => Forger.SignAsync(f.Messages.Job(), by: f.Pool.Alice)),
        new("a field changed after signing", ErrorCodes.WrongSigner, f => f.JobWithAsync("replicas", 2)),
        new("the other v", ErrorCodes.WrongSigner, f => f.JobSignedAsync((r, s, v) => r + s + Forger.Other(v))),
        new("s in the upper half", ErrorCodes.BadSignature, f => f.JobSignedAsync((r, s, v) => r + Forger.HighS(s) + Forger.Other(v))),
        new("r of 0", ErrorCodes.BadSignature, f => f.JobSignedAsync((_, s, v) => new string('0', 64) + s + v)),
        new("s of 0", ErrorCodes.BadSignature, f => f.JobSignedAsync((r, _, v) => r + new string('0', 64) + v)),
        new("r of n", ErrorCodes.BadSignature, f => f.JobSignedAsync((_, s, v) => Forger.OrderText + s + v)),
        new("s of n", ErrorCodes.BadSignature, f => f.JobSignedAsync((r, _, v) => r + Forger.OrderText + v)),
        new("r above n", ErrorCodes.BadSignature, f => f.JobSignedAsync((_, s, v) => new string('f', 64) + s + v)),
        new("s above n", ErrorCodes.BadSignature, f => f.JobSignedAsync((r, _, v) => r + new string('f', 64) + v)),
        new("v of 0", ErrorCodes.BadSignature, f => f.JobSignedAsync((r, s, _) => r + s + "00")),
        new("v of 26", ErrorCodes.BadSignature, f => f.JobSignedAsync((r, s, _) => r + s + "1a")),
        new("v of 29", ErrorCodes.BadSignature, f => f.JobSignedAsync((r, s, _) => r + s + "1d")),
        new("64 bytes", ErrorCodes.BadSignature, f => f.JobSignedAsync((r, s, _) => r + s)),
        new("66 bytes", ErrorCodes.BadSignature, f => f.JobSignedAsync((r, s, v) => r + s + v + "00")),
        new("upper-case hex", ErrorCodes.BadSignature, f => f.JobSignedAsync((r, s, v) => r.ToUpperInvariant() + s + v.ToUpperInvariant())),
        new("an unknown name", ErrorCodes.UnknownName, f => Forger.SignAsync(f.Messages.Job(client: Nobody), by: Messages.Client)),
    ];

    private static HostileCase[] Content =>
    [
        new("a pointer to what nobody has", ErrorCodes.ContentNotFound, _ => Task.FromResult(Forger.PointerTo(HostileTransport.Missing))),
        new("a pointer to what never ends", ErrorCodes.ContentNotFound, _ => Task.FromResult(Forger.PointerTo(HostileTransport.Endless))),
        new("a pointer to other bytes", ErrorCodes.ContentMismatch, _ => Task.FromResult(Forger.PointerTo(HostileTransport.Forged))),
        new("a pointer to too much", ErrorCodes.ContentTooLarge, _ => Task.FromResult(Forger.PointerTo(HostileTransport.Huge))),
        new("a pointer to what the store finds too large", ErrorCodes.ContentTooLarge, _ => Task.FromResult(Forger.PointerTo(HostileTransport.TooLarge))),
        new("a pointer while the store is down", ErrorCodes.ContentUnavailable, _ => Task.FromResult(Forger.PointerTo(HostileTransport.Down))),
        new("a pointer to a pointer", ErrorCodes.BadField, async f => Forger.PointerTo(await f.Town.Transport.Content.PutAsync(Forger.PointerTo(HostileTransport.Endless), CancellationToken.None))),
        new("a proof whose output nobody has", ErrorCodes.OutputUnavailable, f => f.ProofAsync(HostileTransport.Missing), Topics.Proofs, Answered: true),
        new("a proof whose output never ends", ErrorCodes.OutputUnavailable, f => f.ProofAsync(HostileTransport.Endless), Topics.Proofs, Answered: true),
        new("a proof whose output is another", ErrorCodes.OutputUnavailable, f => f.ProofAsync(HostileTransport.Forged), Topics.Proofs, Answered: true),
        new("a proof whose output is too large", ErrorCodes.OutputUnavailable, f => f.ProofAsync(HostileTransport.Huge), Topics.Proofs, Answered: true),
    ];

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static JsonObject Payment(string amount) => new() { ["amount"] = amount, ["currency"] = "USDC" };

    private static string Nested(string job, int levels) => $"{{\"a\":{new string('[', levels)}{new string(']', levels)},{job[1..]}";

    private static async Task<byte[]> RawAsync(Forger forger, params byte[] raw) =>
        [.. "{\"a\":\""u8, .. raw, .. "\","u8, .. (await Forger.SignAsync(forger.Messages.Job())).AsSpan(1)];

    private static async Task<byte[]> ExampleAsync(string type) =>
        (await ExampleSnapshots.SignedAsync(ExampleSnapshots.Of(type))).Bytes.ToArray();
}
