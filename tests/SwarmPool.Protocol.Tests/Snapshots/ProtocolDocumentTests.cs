using System.Text;
using System.Text.RegularExpressions;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Protocol.Tests.Snapshots;

/// <summary>
/// Holds docs/protocol.md to what the code does. SWARMPOOL_UPDATE=1 rewrites the examples before they are checked:
/// <c>SWARMPOOL_UPDATE=1 dotnet run --project tests/SwarmPool.Protocol.Tests -- --filter-class "*ProtocolDocumentTests"</c>.
/// </summary>
public sealed partial class ProtocolDocumentTests
{
    [Fact]
    public async Task Every_example_reads_recovers_and_signs_to_the_same_bytes()
    {
        await UpdateIfAskedAsync();
        var document = await File.ReadAllTextAsync(Document());
        using var signer = ExampleSnapshots.Signer();
        var seen = new List<string>();
        foreach (Match match in Example().Matches(document))
        {
            var (bytes, cid) = (Encoding.UTF8.GetBytes(match.Groups["json"].Value), Cid.Parse(match.Groups["cid"].Value));
            Assert.Equal(cid, Cid.OfBlock(bytes));
            if (match.Groups["type"].Value == "page")
            {
                Assert.True(SnapshotCodec.TryDecodePage<PayoutItem>(bytes, out var items, out _));
                Assert.Equal(bytes, SnapshotCodec.EncodePage(items));
                continue;
            }

            Assert.True(SnapshotCodec.TryDecode(bytes, out var snapshot, out var refusal), refusal?.ToString());
            Assert.Equal(match.Groups["type"].Value, snapshot.Body.Type);
            Assert.Equal(cid, snapshot.Cid);
            Assert.True(SnapshotSignature.TryRecover(snapshot, SignatureEngines.Best, out var address, out _));
            Assert.Equal(signer.Address, address);
            Assert.Contains(address.ToString(), document, StringComparison.Ordinal);
            var again = await SnapshotCodec.SignAsync(snapshot.Body, signer, CancellationToken.None);
            Assert.Equal(bytes, again.Bytes.ToArray());
            seen.Add(snapshot.Body.Type);
        }

        Assert.Equal(ExampleSnapshots.All.Select(static s => s.Type).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(SnapshotTypes.Claim)]
    [InlineData(SnapshotTypes.Delegation)]
    [InlineData(SnapshotTypes.Revocation)]
    public async Task The_signing_text_shown_is_that_of_the_snapshot_shown(string type)
    {
        await UpdateIfAskedAsync();
        var signed = await ExampleSnapshots.SignedAsync(ExampleSnapshots.Of(type));
        Assert.Contains(
            $"<!-- example:signing-text/{type} -->\n```\n{Encoding.UTF8.GetString(SnapshotCodec.SigningText(signed))}\n```",
            await File.ReadAllTextAsync(Document()),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_wallet_shows_is_told_to_those_who_sign_as_well() => Assert.Contains(
        $"```\n{Encoding.UTF8.GetString(SnapshotCodec.SigningText(ExampleSnapshots.Delegation))}\n```",
        await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Document())!, "identity.md")),
        StringComparison.Ordinal);

    [Fact]
    public void A_pointer_is_its_cid_and_nothing_else()
    {
        var cid = Cid.OfBlock("a large job"u8);
        var bytes = SnapshotPointer.Encode(cid);
        Assert.Equal($"{{\"cid\":\"{cid}\"}}", Encoding.UTF8.GetString(bytes));
        Assert.True(SnapshotPointer.TryRead(bytes, out var read));
        Assert.Equal(cid, read);
        foreach (var other in new[] { "", "{}", $"{{\"cid\": \"{cid}\"}}", $"{{\"cid\":\"{cid}\"}} ", $"{{\"cid\":\"{cid.ToString().ToUpperInvariant()}\"}}", $"{{\"cid\":\"{cid}\",\"x\":1}}" })
        {
            Assert.False(SnapshotPointer.TryRead(Encoding.UTF8.GetBytes(other), out _));
        }
    }

    [Fact]
    public void Every_field_of_every_example_is_in_the_document()
    {
        var document = File.ReadAllText(Document());
        var fields = Example().Matches(document).SelectMany(static match => Name().Matches(match.Groups["json"].Value)).Select(static match => match.Groups["name"].Value).Distinct();
        Assert.All(fields, field => Assert.Contains($"`{field}`", document, StringComparison.Ordinal));
    }

    private static async Task UpdateIfAskedAsync()
    {
        if (Environment.GetEnvironmentVariable("SWARMPOOL_UPDATE") != "1")
        {
            return;
        }

        var blocks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var body in ExampleSnapshots.All)
        {
            blocks[body.Type] = Block((await ExampleSnapshots.SignedAsync(body)).Bytes.ToArray());
            blocks[$"signing-text/{body.Type}"] = $"```\n{Encoding.UTF8.GetString(SnapshotCodec.SigningText(body))}\n```\n";
        }

        blocks["page"] = Block(SnapshotCodec.EncodePage<PayoutItem>([ExampleSnapshots.Payout]));
        var document = await File.ReadAllTextAsync(Document());
        await File.WriteAllTextAsync(Document(), Marked().Replace(document, match => $"<!-- example:{match.Groups["name"].Value} -->\n{blocks[match.Groups["name"].Value]}<!-- /example -->"));
    }

    private static string Block(byte[] bytes) => $"```json\n{Encoding.UTF8.GetString(bytes)}\n```\n\nCID `{Cid.OfBlock(bytes)}`\n";

    private static string Document()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Directory.Packages.props")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside of the repository, whose docs/protocol.md they check.");
        }

        return Path.Combine(folder, "docs", "protocol.md");
    }

    [GeneratedRegex("<!-- example:(?<type>[a-z/]+) -->\n```json\n(?<json>.*)\n```\n\nCID `(?<cid>[a-z0-9]+)`\n<!-- /example -->", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Example();

    [GeneratedRegex("<!-- example:(?<name>[a-z/-]+) -->\n[^<]*<!-- /example -->", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Marked();

    [GeneratedRegex("\"(?<name>[a-z0-9_]+)\":", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Name();
}
