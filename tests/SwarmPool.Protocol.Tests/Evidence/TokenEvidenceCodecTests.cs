using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Evidence;
using SwarmPool.Protocol.Merkle;

namespace SwarmPool.Protocol.Tests.Evidence;

public sealed partial class TokenEvidenceCodecTests
{
    private static readonly JsonDocument Vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Evidence", "vectors.json")));

    private static readonly Gen<TokenEvidence> Any =
        from finish in Gen.Int[0, 2].Select(static one => new[] { TokenFinish.Stop, TokenFinish.Length, TokenFinish.StopString }[one])
        from top in Gen.Int[1, 24]
        from prompt in Token.Array[1, 40]
        from positions in PositionOf(top).Array[1, 70]
        select new TokenEvidence { Finish = finish, TopCount = top, PromptIds = prompt, Positions = positions };

    private static Gen<int> Token => Gen.OneOf(Gen.Int[0, 200], Gen.Int[0, int.MaxValue]);

    [Fact]
    public void What_is_written_is_read_again_and_is_written_the_same() => Any.Sample(
        static evidence =>
        {
            var bytes = TokenEvidenceCodec.Encode(evidence);
            Assert.True(TokenEvidenceCodec.TryDecode(bytes, out var read, out var refusal), refusal?.ToString());
            Assert.Equal(Shown(evidence), Shown(read));
            Assert.Equal(bytes, TokenEvidenceCodec.Encode(read));
            Assert.Equal(evidence.Positions.Select(static one => one.Chosen.Token), read.OutputIds());
        },
        iter: 300);

    /// <summary>Whatever bytes come: they are refused with the one code, or they are the only bytes of what they say.</summary>
    [Fact]
    public void Changed_bytes_are_refused_or_are_another_evidences_one_form() => Gen.Select(Any, Gen.Int[0, int.MaxValue], Gen.Byte, Gen.Int[0, 3]).Sample(
        static (evidence, at, value, how) =>
        {
            var bytes = TokenEvidenceCodec.Encode(evidence).ToList();
            var place = at % bytes.Count;
            switch (how)
            {
                case 0: bytes[place] = value; break;
                case 1: bytes.Insert(place, value); break;
                case 2: bytes.RemoveAt(place); break;
                default: bytes.RemoveRange(place, bytes.Count - place); break;
            }

            if (TokenEvidenceCodec.TryDecode(bytes.ToArray(), out var read, out var refusal))
            {
                Assert.Equal(bytes, TokenEvidenceCodec.Encode(read));
            }
            else
            {
                Assert.Equal(ErrorCodes.EvidenceInvalid, refusal.Code);
                Assert.NotEmpty(refusal.Reason);
            }
        },
        iter: 3000);

    [Fact]
    public void A_strangers_bytes_are_never_more_than_a_refusal() => Gen.Byte.Array[0, 400].Sample(
        static bytes =>
        {
            byte[] begun = [.. "SPE1"u8, .. bytes];
            Assert.False(TokenEvidenceCodec.TryDecode(bytes, out _, out _) && !bytes.AsSpan().StartsWith("SPE1"u8));
            if (TokenEvidenceCodec.TryDecode(begun, out var read, out _))
            {
                Assert.Equal(begun, TokenEvidenceCodec.Encode(read));
            }
        },
        iter: 3000);

    [Fact]
    public void The_bytes_and_the_root_are_what_another_implementation_makes()
    {
        var known = Vectors.RootElement.EnumerateArray().ToList();
        Assert.Equal(6, known.Count);
        Assert.All(known, static one =>
        {
            var bytes = Convert.FromHexString(one.GetProperty("bytes").GetString()!);
            Assert.Equal(bytes, TokenEvidenceCodec.Encode(Read(one)));
            Assert.Equal(one.GetProperty("root").GetString(), EvidencePages.Root(bytes));
            Assert.True(TokenEvidenceCodec.TryDecode(bytes, out var read, out _));
            Assert.Equal(Shown(Read(one)), Shown(read));
        });
    }

    /// <summary>The example of docs/protocol.md.</summary>
    [Fact]
    public void The_example_of_the_document_is_what_it_says()
    {
        var shown = Example().Match(File.ReadAllText(Path.Combine(Root(), "docs", "protocol.md")));
        var bytes = TokenEvidenceCodec.Encode(new TokenEvidence
        {
            Finish = TokenFinish.Stop,
            TopCount = 2,
            PromptIds = "2+2="u8.ToArray().Select(static value => (int)value).ToArray(),
            Positions =
            [
                new(new(52, -41), 48250, new TokenLogProb[] { new(52, -41), new(53, -18900) }),
                new(new(300, -25100), -310, new TokenLogProb[] { new(0, -9), new(46, -25000) }),
            ],
        });
        Assert.Equal(shown.Groups["bytes"].Value, Convert.ToHexStringLower(bytes));
        Assert.Equal(shown.Groups["root"].Value, EvidencePages.Root(bytes));
    }

    [Fact]
    public void Each_page_can_be_shown_alone_and_nothing_stands_elsewhere() => Any.Sample(
        static evidence =>
        {
            var bytes = TokenEvidenceCodec.Encode(evidence);
            var (root, leaves, parts) = (EvidencePages.Root(bytes), EvidencePages.Leaves(bytes), EvidencePages.Split(bytes));
            Assert.Equal(1 + ((evidence.Positions.Count + 31) / 32), parts.Count);
            for (var i = 0; i < parts.Count; i++)
            {
                var proof = MerkleTree.Prove(leaves, leaves[i]);
                Assert.True(MerkleTree.Verify(root, EvidencePages.LeafOf(i, parts[i].Span), proof));
                Assert.False(MerkleTree.Verify(root, EvidencePages.LeafOf(i + 1, parts[i].Span), proof));
            }
        },
        iter: 50);

    [Theory]
    [InlineData("another finish")]
    [InlineData("no prompt")]
    [InlineData("no answer")]
    [InlineData("a top that is too short")]
    [InlineData("a top in another order")]
    [InlineData("a token twice")]
    [InlineData("a probability above 1")]
    [InlineData("a negative token")]
    [InlineData("a chosen one likelier than the top")]
    [InlineData("a chosen one stated twice")]
    [InlineData("a sum out of range")]
    public void What_can_not_be_is_not_written(string what)
    {
        TokenLogProb[] top = [new(3, -10), new(5, -20)];
        var good = new TokenEvidence { Finish = TokenFinish.Stop, TopCount = 2, PromptIds = new[] { 1 }, Positions = [new(top[1], 7, top)] };
        Assert.NotEmpty(TokenEvidenceCodec.Encode(good));
        var position = good.Positions[0];
        Assert.Throws<ArgumentException>(() => TokenEvidenceCodec.Encode(what switch
        {
            "another finish" => good with { Finish = "end" },
            "no prompt" => good with { PromptIds = default },
            "no answer" => good with { Positions = [] },
            "a top that is too short" => good with { TopCount = 3 },
            "a top in another order" => Of(position with { Top = new[] { top[1], top[0] } }),
            "a token twice" => Of(position with { Top = new[] { top[0], new TokenLogProb(3, -20) }, Chosen = top[0] }),
            "a probability above 1" => Of(position with { Top = new[] { new TokenLogProb(3, 1), top[1] } }),
            "a negative token" => Of(position with { Top = new[] { new TokenLogProb(-3, -10), top[1] } }),
            "a chosen one likelier than the top" => Of(position with { Chosen = new TokenLogProb(9, -19) }),
            "a chosen one stated twice" => Of(position with { Chosen = new TokenLogProb(5, -21) }),
            _ => Of(position with { LogSum = int.MinValue }),
        }));

        TokenEvidence Of(EvidencePosition one) => good with { Positions = [one] };
    }

    [Fact]
    public void Room_is_made_only_for_what_is_there()
    {
        // A head that promises a million positions of 64 tokens, and no page.
        byte[] head = [0x00, 0x40, 0x80, 0x80, 0x40, 0x01, 0x07];
        byte[] bytes = [.. "SPE1"u8, (byte)head.Length, .. head];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(TokenEvidenceCodec.TryDecode(bytes, out _, out var refusal));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal(ErrorCodes.EvidenceInvalid, refusal.Code);
    }

    [Fact]
    public void Too_many_bytes_are_refused_unread()
    {
        Assert.False(TokenEvidenceCodec.TryDecode(new byte[TokenEvidenceCodec.MaxBytes + 1], out _, out var refusal));
        Assert.Contains("16777216", refusal.Reason, StringComparison.Ordinal);
    }

    private static Gen<EvidencePosition> PositionOf(int count) =>
        from tokens in Gen.Int[0, 100_000].Array[count + 1].Select(static tokens => tokens.Select(static (token, i) => (token * 64) + i).ToArray())
        from steps in Gen.Int[0, 3000].Array[count + 1]
        from sum in Gen.Int[-(1 << 30), 1 << 30]
        from pick in Gen.Int[0, count]
        select Position(tokens, steps, sum, pick);

    // Steps of 0 make equal ones, which stand by their tokens.
    private static EvidencePosition Position(int[] tokens, int[] steps, int sum, int pick)
    {
        var last = 0;
        var all = tokens.Zip(steps, (token, step) => new TokenLogProb(token, last -= step % 3 == 0 ? 0 : step)).ToList();
        var top = all[..^1].OrderByDescending(static one => one.LogProb).ThenBy(static one => one.Token).ToArray();
        return new EvidencePosition(pick < top.Length ? top[pick] : all[^1], sum, top);
    }

    [GeneratedRegex("<!-- evidence -->\\n```\\n(?<bytes>[0-9a-f]+)\\n```\\n\\nroot `(?<root>0x[0-9a-f]+)`\\n<!-- /evidence -->", RegexOptions.ExplicitCapture)]
    private static partial Regex Example();

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Directory.Packages.props")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    private static TokenEvidence Read(JsonElement one)
    {
        static TokenLogProb Pair(JsonElement pair) => new(pair[0].GetInt32(), pair[1].GetInt32());
        return new TokenEvidence
        {
            Finish = one.GetProperty("finish").GetString()!,
            TopCount = one.GetProperty("top_count").GetInt32(),
            PromptIds = one.GetProperty("prompt").EnumerateArray().Select(static token => token.GetInt32()).ToArray(),
            Positions = [.. one.GetProperty("positions").EnumerateArray().Select(static position => new EvidencePosition(
                Pair(position.GetProperty("chosen")),
                position.GetProperty("log_sum").GetInt32(),
                position.GetProperty("top").EnumerateArray().Select(Pair).ToArray()))],
        };
    }

    private static string Shown(TokenEvidence evidence) => string.Join(
        '\n',
        [evidence.Finish, $"{evidence.TopCount}", string.Join(',', evidence.PromptIds.ToArray()), .. evidence.Positions.Select(static one => $"{one.Chosen} {one.LogSum} {string.Join(' ', one.Top.ToArray())}")]);
}
