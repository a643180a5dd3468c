using SwarmPool.Transport;

namespace SwarmPool.Tests.Transport;

/// <summary>
/// Roots as npm ipfs-unixfs-importer 17.1.1 computed them: cidVersion 1, rawLeaves, fixed chunks of 262,144, balanced with
/// 174 links a node, reduceSingleLeafToSelf. Byte i of the content is (31 i + 7 + floor(i / 262144)) mod 256, so that no two
/// neighbouring chunks are equal.
/// </summary>
public sealed class ContentAddressTests
{
    private const int Block = ContentAddress.BlockBytes;

    [Theory]
    [InlineData(0, "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku")]
    [InlineData(1, "bafkreigkgwdvr5wspzwpiutssn4xpj2i7wedshnwphhnu7ohx4pqaxxipe")]
    [InlineData(Block - 1, "bafkreig7abh4ml4jk6iylhvnfwkcbg23bjtsedukqquj54xn6fwj25wr6u")]
    [InlineData(Block, "bafkreigtb2zed6k6pq34amzfdj4ovylbble3alojsysuiikydagtlammdm")]
    [InlineData(Block + 1, "bafybeihlgjyersgemzowh4ciuk3uxlsihtkmji3zxmypv2yirmdyuejzza")]
    [InlineData(2 * Block, "bafybeieqw5yurweaf2dbgc3xays355eghgnykpzqxvdxnj2uvtvdd23nce")]
    [InlineData(1_048_576, "bafybeih6rvzlezeb3k4f6yub47bmw6vu56yeeaddxomqonfjl5ugky3fhy")]
    [InlineData(10_485_760, "bafybeifenmnnqys2mpa6xtf2wtouey36j3u72wbomtrm65yeri4oawtnvy")]
    public void Content_has_the_root_that_an_IPFS_node_gives_it(int size, string root) => Agrees(size, root);

    /// <summary>Where the tree grows a third level, and its second subtree a second leaf.</summary>
    [Theory]
    [InlineData(174 * Block, "bafybeib3ia45xd33ri2yl77vqtohksrzdge4valapnvuaitd4gcvw6gi5y")]
    [InlineData((174 * Block) + 1, "bafybeiaal7umk75dpacrph3j6kghrxxvb7aym4xe4sq5h3uuvl6onvxlfm")]
    [InlineData((175 * Block) + 5, "bafybeiazffa3j73s56dhgjwmrcs5f7nsbz2w3vniwkldfsh54ikityp6fe")]
    [InlineData(184 * Block, "bafybeigxisdwkm5nul2gczextkvgrmbmgvkrrtv6mmq5ifvdwr5yrintv4")]
    [InlineData((348 * Block) + 1, "bafybeiet2mvierk5q3kl57ahemlvfgxjtld6gijz23bxxanwbsir4dl5nq")]
    public void Content_of_more_than_one_node_of_links_has_the_root_that_an_IPFS_node_gives_it(int size, string root) => Agrees(size, root);

    [Fact]
    public void Content_matches_its_own_root_only()
    {
        var content = Content(Block + 10);
        var cid = ContentAddress.Of(content);
        Assert.True(ContentAddress.Matches(cid, content));
        content[^1] ^= 1;
        Assert.False(ContentAddress.Matches(cid, content));
        Assert.False(ContentAddress.Matches(default, content));
    }

    private static void Agrees(int size, string root) => Assert.Equal(root, ContentAddress.Of(Content(size)).ToString());

    private static byte[] Content(int size)
    {
        var content = new byte[size];
        for (var i = 0; i < size; i++)
        {
            content[i] = unchecked((byte)((i * 31) + 7 + (i / Block)));
        }

        return content;
    }
}
