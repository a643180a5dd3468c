namespace SwarmPool.Packages.Tests;

/// <summary>What the documents show is what is compiled.</summary>
public sealed class DocumentTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/aspnet.md")]
    [InlineData("docs/plugin-authoring.md")]
    public void Each_code_block_is_the_region_of_its_name(string document)
    {
        var regions = Documents.Regions();
        var blocks = Documents.Blocks(document);
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Equal(regions[block.Key], block.Value));
    }

    [Fact]
    public void No_region_is_shown_nowhere() => Assert.Equal(
        Documents.Regions().Keys.Order(StringComparer.Ordinal),
        new[] { "README.md", "docs/aspnet.md", "docs/plugin-authoring.md" }.SelectMany(document => Documents.Blocks(document).Keys).Order(StringComparer.Ordinal));
}
