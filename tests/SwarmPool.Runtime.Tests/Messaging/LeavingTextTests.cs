using System.Reflection;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Messaging;

/// <summary>No path of the daemon's machine goes out to everybody, whoever wrote it into a message.</summary>
public sealed class LeavingTextTests
{
    public static TheoryData<string> Paths =>
    [
        "/home/alice/pool/blocks/bafy", "/srv/x", "~/pool/journal.db", "C:\\Users\\Alice\\pool", "d:/pool/blocks", "\\\\host\\share\\pool", "file:///home/alice/x",
        Environment.CurrentDirectory, Path.GetTempPath() + "x", Path.Combine(AppContext.BaseDirectory, "plugins", "X.dll"),
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_path_is_taken_out_wherever_it_stands(string path)
    {
        foreach (var text in new[] { path, $"The blocks folder {path} can't read bafy (Access to the path '{path}' is denied).", $"({path}): {path}, {path}; \"{path}\"" })
        {
            var said = LeavingText.Of(text);
            Assert.DoesNotContain(path, said, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch("alice|Alice|Users|share|srv|home|own-folder", said);
            Assert.Contains(LeavingText.Path, said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("on /swarmpool.eth/jobs/new and /pool.sub.eth/state")]
    [InlineData("reach it at /ip4/10.0.0.1/tcp/4001/p2p/Qm or /dns4/node.example/tcp/1 or /ipfs/bafy")]
    [InlineData("the node https://node.example/v3 says http 500, 7/8 of them, and/or none")]
    [InlineData("$.payment.amount must be between 0 and 10000 (25/75)")]
    public void What_is_no_path_stays(string text) => Assert.Equal(text, LeavingText.Of(text));

    [Fact]
    public void What_steers_a_terminal_or_never_ends_does_not_go_out()
    {
        Assert.Equal("a b", LeavingText.Of("a\u001bb"));
        Assert.Equal("a b c", LeavingText.Of("a\u202eb\u200fc"));
        Assert.Equal(500, LeavingText.Of(new string('x', 5_000)).Length);
    }

    [Theory]
    [InlineData("2 models can't be used:\n  one: no file\r\n  two: no hash\n", "2 models can't be used: · one: no file · two: no hash")]
    [InlineData("a\u2028b\u2029c\u0085d\u000be\u000cf\r\n\r\ng", "a · b · c · d · e · f · g")]
    [InlineData("é 好 🦀", "é 好 🦀")]
    public void Several_lines_go_out_as_one(string text, string said) => Assert.Equal(said, LeavingText.Of(text));

    [Fact]
    public void A_miners_reason_is_cut_between_characters_and_none_at_all_is_none()
    {
        Assert.Equal(new string('x', 199), LeavingText.LineOf(new string('x', 199) + "🦀", 200));
        Assert.Equal("can't read (a file)", LeavingText.LineOf("can't read /home/alice/models/m.onnx", 200));
        Assert.Null(LeavingText.LineOf(" \r\n\u202e ", 200));
    }

    /// <summary>Every refusal that a daemon can answer with, of every code, to every message that is answered.</summary>
    [Fact]
    public async Task No_refusal_of_any_code_to_any_message_has_a_path_in_it()
    {
        var messages = new Messages(() => 1_000);
        var (miner, job) = (Messages.Miner(1), Cid.OfBlock("job"u8));
        Snapshot[] answered =
        [
            messages.Job(), messages.Cancel(job), messages.Claim(job, miner), messages.Release(job, miner, 1), messages.Proof(job, miner, 1, job), messages.Registration(miner),
        ];
        var codes = typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetValue(null)!).ToList();
        Assert.True(codes.Count > 90);
        foreach (var body in answered)
        {
            var snapshot = await TestNetwork.SignAsync(body);
            foreach (var code in codes)
            {
                var (_, item) = RefusalItems.Of(snapshot, new Refusal(code, $"The blocks folder {AppContext.BaseDirectory} of /var/lib/swarmpool can't be read"))!.Value;
                var reason = (string)item.GetType().GetProperty("Reason")!.GetValue(item)!;
                Assert.DoesNotContain(AppContext.BaseDirectory, reason, StringComparison.Ordinal);
                Assert.DoesNotContain("/var", reason, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>What is free text on the wire is known here: a new one has to be cleaned as well.</summary>
    [Fact]
    public void Only_refusals_have_a_free_text()
    {
        var named = typeof(Snapshot).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("SwarmPool.Snapshots", StringComparison.Ordinal) == true)
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(p => p.PropertyType == typeof(string) && p.Name is "Reason" or "Detail" or "Text" or "Message" or "Error" or "Note"))
            .Select(property => property.DeclaringType!.Name).Order(StringComparer.Ordinal);
        string[] refusals = ["ClaimRejectedItem", "JobRejectedItem", "MinerRejectedItem", "ProofRejectedItem", "RevocationRejectedItem"];
        string[] wordsOfOurOwn = ["CheckDecidedItem", "ClaimTimeoutItem", "JobFailedItem", "ReleaseSnapshot"]; // One of a few words each.
        string[] minersReasons = ["CheckSnapshot", "ClaimTimeoutItem", "JobFailedItem", "ReleaseSnapshot"]; // Cleaned by the miner that gives them.
        Assert.Equal(refusals.Concat(wordsOfOurOwn).Concat(minersReasons).Order(StringComparer.Ordinal), named);
    }

    [Fact]
    public async Task An_output_that_is_not_there_is_refused_without_the_daemons_folder()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync(o => o.FetchSeconds = 1);
        var claim = await town.ClaimAsync(await town.SubmitAsync(), await town.JoinAsync(1));
        var proof = await town.SendAsync(town.Messages.Proof(claim.JobCid, claim.Miner, claim.Fence, Cid.OfBlock("nowhere"u8)));
        var refused = await town.MessageRecorder.ItemAsync<ProofRejectedItem>(i => i.ProofCid == proof.Cid);
        Assert.Equal(ErrorCodes.OutputUnavailable, refused.Code);
        Assert.DoesNotContain(town.Path, refused.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("/tmp", refused.Reason, StringComparison.Ordinal);
    }
}
