using SwarmPool.Plugins.Ipfs.Content;
using SwarmPool.Plugins.Ipfs.Rpc;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.Rpc;

public sealed class TextTests
{
    [Theory]
    [InlineData("bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am", "bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am")]
    [InlineData("zb2rhcc1wJn2GHDLT2YkmPq5b69cXc2xfRZZmyufbjFUfBkxr", "bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am")] // The same, as js-ipfs prints it.
    [InlineData("QmfGna52oNAr8w4XDcZp1D4nnNvG7oJ6FaEWkQqSUbm1ct", null)]
    public void CIDs_are_read_in_each_form_that_nodes_print(string text, string? same)
    {
        Assert.True(NodeCid.TryParse(text, out var cid));
        Assert.Equal(same ?? cid.ToString(), cid.ToString());
        Assert.Equal(same is null ? Cid.DagPbCodec : Cid.RawCodec, cid.Codec);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("Qm")]
    [InlineData("z0OIl")]
    [InlineData("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("f01551220")]
    public void What_is_no_CID_of_ours_is_refused(string? text) => Assert.False(NodeCid.TryParse(text, out _));

    [Theory]
    [InlineData("http://127.0.0.1:5001", "http://127.0.0.1:5001")]
    [InlineData("http://127.0.0.1:5001/", "http://127.0.0.1:5001")]
    [InlineData("https://node.example/ipfs/api/v0/", "https://node.example/ipfs")]
    public void An_address_is_read_with_or_without_its_path(string api, string root)
    {
        Assert.True(NodeAddress.TryParse(api, null, out var node, out _));
        Assert.Equal($"{root}/api/v0/id", new RpcCall("id").Under(node.Root).ToString());
    }

    [Theory]
    [InlineData("https://node.example:8443/s3cr3tKey/api/v0", null)]
    [InlineData("https://node.example:8443", "bearer:s3cr3tKey")]
    [InlineData("https://node.example:8443", "basic:me:s3cr3tKey")]
    public void What_authorizes_a_call_is_in_no_text(string api, string? auth)
    {
        Assert.True(NodeAddress.TryParse(api, auth, out var node, out _));
        Assert.Equal("https://node.example:8443", node.ToString());
        foreach (var said in (string[])[$"{node.Root}", $"no key s3cr3tKey", $"{node.Authorization}"])
        {
            var clean = node.Secrets.Clean(said);
            Assert.DoesNotContain("s3cr3tKey", clean, StringComparison.OrdinalIgnoreCase);
            Assert.True(node.Authorization is null || !clean.Contains(node.Authorization.Parameter!, StringComparison.Ordinal), clean);
        }
    }

    [Fact]
    public void Arguments_are_escaped() => Assert.Equal(
        "http://x/api/v0/cat?arg=a%26b%3Dc%20d&length=1", new RpcCall("cat").Arg("a&b=c d").With("length", "1").Under(new Uri("http://x/")).AbsoluteUri);

    [Theory]
    [InlineData(262_145)]
    [InlineData(45_613_056)]
    [InlineData(45_613_057)]
    [InlineData(90_000_000)]
    public void A_files_branches_follow_the_rule(long bytes)
    {
        var branches = FileTree.BranchesOf(bytes);
        Assert.Equal(bytes, branches.Sum());
        Assert.InRange(branches.Count, 2, ContentAddress.LinksPerNode);
        Assert.All(branches.SkipLast(1), size => Assert.Equal(branches[0], size));
    }
}
