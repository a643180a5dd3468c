using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Protocol.Tests.Snapshots;

/// <summary>What a wallet shows of a delegation before it is signed: the whole of what it grants, and nothing but what is in it.</summary>
public sealed class GrantTextTests
{
    private static readonly string[] Roles = [DelegationRoles.Miner, DelegationRoles.Client, DelegationRoles.Pool];

    private static readonly string[] Networks = ["local", "eip155:1", "eip155:11155111"];

    // Line ends of all kinds, what hides text or turns it around, and what a line here is made of.
    private static readonly string[] Injections =
        ["\n", "\r\n", "\r", "\u0085", "\u2028", "\u2029", "\v", "\f", "\0", "\t", "\u202e", "\u200b", "\nrole: miner", "\nuntil: 2000-01-01T00:00:00Z", ": ", " USDC"];

    [Fact]
    public void A_clients_delegation_shows_what_it_grants() => Assert.Equal(
        """
        SwarmPool snapshot v1
        type: delegation
        pool: swarmpool.eth
        network: local
        signer: clinic.bob.eth
        role: client
        key: 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf
        from: 2023-11-14T22:13:20Z
        until: 2023-12-14T22:13:20Z
        spending cap: 100 USDC
        sha256: ffcf844914b845e05be0842b14031f044fd98728e021f3c57c4e32eed586ae00
        """,
        TextOf(ExampleSnapshots.Delegation));

    [Fact]
    public void A_pools_delegation_has_no_cap() => Assert.Equal(
        [
            "SwarmPool snapshot v1", "type: delegation", "pool: swarmpool.eth", "network: local", "signer: swarmpool.eth", "role: pool",
            "key: 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf", "from: 2023-11-14T22:13:20Z", "until: 2023-12-14T22:13:20Z",
        ],
        TextOf(ExampleSnapshots.Delegation with { Role = DelegationRoles.Pool, Name = ExampleSnapshots.Delegation.Pool, SpendingCap = null }).Split('\n')[..^1]);

    /// <summary>The line is the last one of the delegation's own text, so the two can be laid side by side.</summary>
    [Fact]
    public void A_revocation_shows_which_delegation_it_takes_back()
    {
        var lines = TextOf(ExampleSnapshots.Of(SnapshotTypes.Revocation)).Split('\n');
        Assert.Equal(TextOf(ExampleSnapshots.Delegation).Split('\n')[^1].Replace("sha256", "revokes", StringComparison.Ordinal), lines[5]);
        Assert.Equal(7, lines.Length);
    }

    /// <summary>The machines' own snapshots are signed over the six lines that they always were.</summary>
    [Theory]
    [MemberData(nameof(ExampleSnapshots.Types), MemberType = typeof(ExampleSnapshots))]
    public void Other_types_have_the_six_lines_and_no_more(string type)
    {
        if (type is SnapshotTypes.Delegation or SnapshotTypes.Revocation)
        {
            return;
        }

        var body = ExampleSnapshots.Of(type);
        Assert.Equal(
            $"SwarmPool snapshot v1\ntype: {type}\npool: {body.Pool}\nnetwork: {body.Network}\nsigner: {body.Signer}\nsha256: {Read(SnapshotCodec.Canonical(body))!.Digest}",
            TextOf(body));
    }

    /// <summary>A reader of the bytes alone, who knows JSON and the protocol's page, makes the same lines.</summary>
    [Fact]
    public void What_is_shown_is_what_the_signed_bytes_say() => Gen.Select(
            Gen.Int[0, 2].Select(i => Roles[i]), Gen.Byte.Array[20], Gen.Long[0, GrantText.LastSecond - DelegationSnapshot.LongestSeconds],
            Gen.Long[1, DelegationSnapshot.LongestSeconds], Gen.Long[0, Usdc.MaxMicro], Gen.Int[0, 2].Select(i => Networks[i]))
        .Sample((role, key, from, lasts, cap, network) =>
        {
            var bytes = SnapshotCodec.Canonical(ExampleSnapshots.Delegation with
            {
                Role = role,
                Name = role == DelegationRoles.Pool ? ExampleSnapshots.Delegation.Pool : ExampleSnapshots.Delegation.Name,
                Key = new EthAddress(key),
                Timestamp = from,
                Expires = from + lasts,
                SpendingCap = role == DelegationRoles.Client ? Usdc.FromMicro(cap) : null,
                Network = network,
            });
            var json = JsonNode.Parse(bytes)!.AsObject();
            var lines = Encoding.UTF8.GetString(SnapshotCodec.SigningText(Read(bytes)!)).Split('\n');
            Assert.Equal("SwarmPool snapshot v1", lines[0]);
            var shown = lines.Skip(1).Select(line => line.Split(": ", 2)).Select(line => (Name: line[0], Value: line[1])).ToList();
            Assert.Equal(
                ["type", "pool", "network", "signer", "role", "key", "from", "until", .. role == DelegationRoles.Client ? (string[])["spending cap"] : [], "sha256"],
                shown.Select(line => line.Name));
            foreach (var (name, value) in shown)
            {
                Assert.Equal(
                    name switch
                    {
                        "signer" => json["name"]!.GetValue<string>(),
                        "from" => json["timestamp"]!.ToJsonString(),
                        "until" => json["expires"]!.ToJsonString(),
                        "spending cap" => json["spending_cap"]!.GetValue<string>(),
                        "sha256" => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
                        _ => json[name]!.GetValue<string>(),
                    },
                    name switch
                    {
                        "key" => value.ToLowerInvariant(),
                        "from" or "until" => Seconds(value).ToString(CultureInfo.InvariantCulture),
                        "spending cap" => value[..^" USDC".Length],
                        _ => value,
                    });
            }
        });

    /// <summary>Each text of a delegation or revocation, with something put into each place: it is refused before there is a text to show.</summary>
    [Theory]
    [InlineData(SnapshotTypes.Delegation)]
    [InlineData(SnapshotTypes.Revocation)]
    public void Nothing_can_be_put_into_a_line(string type)
    {
        var tried = 0;
        foreach (var (name, node) in JsonOf(type))
        {
            foreach (var injected in node!.GetValueKind() == System.Text.Json.JsonValueKind.String ? Injections : [])
            {
                var text = node.GetValue<string>();
                foreach (var at in new[] { 0, text.Length / 2, text.Length })
                {
                    var json = JsonOf(type);
                    json[name] = text.Insert(at, injected);
                    Assert.True(Read(Canonical(json)) is null, $"{name}: {json[name]!.ToJsonString()}");
                    tried++;
                }
            }
        }

        Assert.InRange(tried, 6 * 3 * Injections.Length, int.MaxValue);
    }

    [Fact]
    public void A_field_that_is_not_known_is_covered_and_makes_no_line()
    {
        var json = JsonOf(SnapshotTypes.Delegation);
        json["note"] = "x\nrole: miner\nsha256: " + new string('0', 64);
        var read = Read(Canonical(json))!;
        var lines = Encoding.UTF8.GetString(SnapshotCodec.SigningText(read)).Split('\n');
        Assert.Equal(TextOf(ExampleSnapshots.Delegation).Split('\n')[..^1], lines[..^1]);
        Assert.Equal($"sha256: {read.Digest}", lines[^1]);
        Assert.NotEqual(TextOf(ExampleSnapshots.Delegation).Split('\n')[^1], lines[^1]);
    }

    /// <summary>An amount and an account have several spellings that a reader takes; a line has one.</summary>
    [Fact]
    public void Another_spelling_of_a_field_shows_the_same()
    {
        var json = JsonOf(SnapshotTypes.Delegation);
        (json["spending_cap"], json["key"]) = ("100.000", "0X" + json["key"]!.GetValue<string>()[2..].ToUpperInvariant());
        var lines = Encoding.UTF8.GetString(SnapshotCodec.SigningText(Read(Canonical(json))!)).Split('\n');
        Assert.Equal(TextOf(ExampleSnapshots.Delegation).Split('\n')[..^1], lines[..^1]);
    }

    /// <summary>Lines and hash are of one body: a signature that was given for one text is no signature of a body that says otherwise.</summary>
    [Theory]
    [InlineData("role", "miner")]
    [InlineData("key", "0x00000000000000000000000000000000000000aa")]
    [InlineData("spending_cap", "100.000001")]
    [InlineData("timestamp", 1_700_000_001)]
    [InlineData("expires", 1_702_592_001)]
    [InlineData("pool", "other.eth")]
    public async Task A_wallets_signature_is_of_what_it_showed(string field, object value)
    {
        var signed = await ExampleSnapshots.SignedAsync(ExampleSnapshots.Delegation);
        var json = JsonNode.Parse(signed.Bytes.Span)!.AsObject();
        json[field] = value is int seconds ? seconds : (string)value;
        if (field == "role")
        {
            json.Remove("spending_cap");
        }

        Assert.True(SnapshotSignature.TryRecover(Read(Canonical(json))!, SignatureEngines.Best, out var account, out _));
        Assert.True(SnapshotSignature.TryRecover(signed, SignatureEngines.Best, out var wallet, out _));
        Assert.NotEqual(wallet, account);
    }

    [Theory]
    [InlineData(253_402_300_799)]
    [InlineData(CanonicalJson.MaxInteger - 100)]
    public void What_has_no_date_is_refused(long timestamp)
    {
        var json = JsonOf(SnapshotTypes.Delegation);
        (json["timestamp"], json["expires"]) = (timestamp, timestamp + 1);
        Assert.False(SnapshotCodec.TryDecode(Canonical(json), out _, out var refusal));
        Assert.Equal(ErrorCodes.BadField, refusal.Code);
    }

    /// <summary>A program that drafts one by itself gets no text that shows something else than what a reader would find.</summary>
    [Fact]
    public void There_is_no_text_of_what_nobody_would_read()
    {
        var draft = ExampleSnapshots.Delegation with { Role = "client\nrole: miner" };
        Assert.Equal(ErrorCodes.BadField, Assert.Throws<SwarmPoolException>(() => SnapshotCodec.SigningText(draft)).Code);
        Assert.Equal(ErrorCodes.BadField, Assert.Throws<SwarmPoolException>(() => SnapshotCodec.SigningText(ExampleSnapshots.Delegation with { Expires = long.MaxValue / 2048 })).Code);
    }

    /// <summary>The examples of EIP-55.</summary>
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void An_account_is_spelled_as_wallets_spell_it(string account) => Assert.Equal(account, ChecksumAddress.Of(EthAddress.Parse(account)));

    [Fact]
    public void Any_account_is_spelled_by_the_hash_that_a_cryptography_package_gives() => Gen.Byte.Array[20].Sample(bytes =>
    {
        var lower = Convert.ToHexStringLower(bytes);
        var hash = new byte[Keccak256.HashBytes];
        Keccak256.Hash(Encoding.ASCII.GetBytes(lower), hash);
        var nibbles = Convert.ToHexStringLower(hash);
        Assert.Equal("0x" + string.Concat(lower.Select((digit, i) => nibbles[i] >= '8' ? char.ToUpperInvariant(digit) : digit)), ChecksumAddress.Of(new EthAddress(bytes)));
    });

    private static string TextOf(Snapshot body) => Encoding.UTF8.GetString(SnapshotCodec.SigningText(body));

    private static JsonObject JsonOf(string type) => JsonNode.Parse(SnapshotCodec.Canonical(ExampleSnapshots.Of(type)))!.AsObject();

    private static byte[] Canonical(JsonObject json) =>
        CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(json.ToJsonString()), out var bytes, out var refusal) ? bytes : throw new InvalidOperationException(refusal.ToString());

    private static SignedSnapshot? Read(byte[] bytes) => SnapshotCodec.TryDecode(bytes, out var read, out _) ? read : null;

    private static long Seconds(string shown) =>
        DateTimeOffset.ParseExact(shown, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds();
}
