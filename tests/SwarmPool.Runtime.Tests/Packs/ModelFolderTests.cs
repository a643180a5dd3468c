using Microsoft.Extensions.Configuration;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Packs;

namespace SwarmPool.Runtime.Tests.Packs;

/// <summary>What a machine knows of its models, and how they go.</summary>
public sealed class ModelFolderTests : IDisposable
{
    private readonly PackStage stage = new();

    public void Dispose() => stage.Dispose();

    [Fact]
    public async Task Every_difference_is_named()
    {
        stage.Write("a.bin", "1"u8);
        stage.Write("b.bin", "2"u8);
        stage.Write("c.bin", "3"u8);
        stage.Write("d.bin", "4"u8);
        stage.Write("e.bin", "5"u8);
        var local = await PullAsync();
        File.WriteAllText(Path.Combine(local.Folder, "a.bin"), "x");
        File.WriteAllText(Path.Combine(local.Folder, "b.bin"), "longer");
        File.Delete(Path.Combine(local.Folder, "c.bin"));
        File.Delete(Path.Combine(local.Folder, "d.bin"));
        File.CreateSymbolicLink(Path.Combine(local.Folder, "d.bin"), "/etc/passwd");
        File.WriteAllText(Path.Combine(local.Folder, "more.bin"), "");

        var differences = await local.VerifyAsync();
        Assert.Equal(
            ["link", "a.bin: its SHA-256 is", "b.bin: has 6 bytes; the pack says 1", "c.bin: is missing", "d.bin: can't be read", "more.bin: is not the pack's"],
            differences.Select(static difference => difference.Reason.StartsWith('/') ? "link" : difference.Reason)
                .Select(static reason => reason[..Math.Min(reason.Length, reason[0] switch { 'a' => 21, 'd' => 20, _ => 100 })].TrimEnd('.')));
    }

    [Fact]
    public async Task A_model_that_a_miner_uses_stays()
    {
        stage.Write("a.bin", "1"u8);
        var local = await PullAsync();
        var (one, other) = (stage.Folder.Use([local]), stage.Folder.Use([local]));
        Assert.Equal(ErrorCodes.PackInUse, Assert.Throws<SwarmPoolException>(() => stage.Folder.Remove(local)).Code);
        one.Dispose();
        Assert.Equal(ErrorCodes.PackInUse, Assert.Throws<SwarmPoolException>(() => stage.Folder.Remove(local)).Code);
        Assert.True(Directory.Exists(local.Folder));
        other.Dispose();
        stage.Folder.Remove(local);
        Assert.Empty(stage.Left);
    }

    [Fact]
    public async Task A_model_that_a_miner_uses_goes_when_that_is_asked_for()
    {
        stage.Write("a.bin", "1"u8);
        var local = await PullAsync();
        using var used = stage.Folder.Use([local]);
        stage.Folder.Remove(local, evenIfUsed: true);
        Assert.Empty(stage.Left);
        Assert.Equal(ErrorCodes.PackFolderUnusable, Assert.Throws<SwarmPoolException>(() => stage.Folder.Use([local])).Code);
    }

    [Fact]
    public async Task A_model_is_found_by_its_name_or_its_CID()
    {
        stage.Write("a.bin", "1"u8);
        var local = await PullAsync();
        Assert.Equal(local.Cid, stage.Folder.Find("digits").Cid);
        Assert.Equal(local.Cid, stage.Folder.Find(local.Cid.ToString()).Cid);
        var fault = Assert.Throws<SwarmPoolException>(() => stage.Folder.Find("digit"));
        Assert.Equal(ErrorCodes.PackUnknown, fault.Code);
        Assert.EndsWith("Did you mean digits?", fault.Message, StringComparison.Ordinal);

        stage.Write("a.bin", "2"u8);
        var second = await PullAsync();
        Assert.Contains(second.Cid.ToString(), Assert.Throws<SwarmPoolException>(() => stage.Folder.Find("digits")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("nothing")]
    [InlineData("""{"folder":"../..","manifest":{},"own":true}""")]
    public async Task A_damaged_record_is_told(string text)
    {
        stage.Write("a.bin", "1"u8);
        var local = await PullAsync();
        var record = Path.Combine(stage.Folder.Work, $"{local.Cid}.json");
        File.WriteAllText(record, text);
        var fault = Assert.Throws<SwarmPoolException>(stage.Folder.List);
        Assert.Equal(ErrorCodes.PackFolderUnusable, fault.Code);
        Assert.StartsWith(record, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_names_another_folder_than_a_name_is_damaged()
    {
        stage.Write("a.bin", "1"u8);
        var local = await PullAsync();
        var record = Path.Combine(stage.Folder.Work, $"{local.Cid}.json");
        File.WriteAllText(record, File.ReadAllText(record).Replace($"\"{Path.GetFileName(local.Folder)}\"", "\"../maker\"", StringComparison.Ordinal));
        Assert.Equal(ErrorCodes.PackFolderUnusable, Assert.Throws<SwarmPoolException>(stage.Folder.List).Code);
    }

    [Fact]
    public void Options_say_where_models_are_and_all_that_is_wrong_at_once()
    {
        Assert.Equal("/base/models", Read().Folder);
        Assert.Equal("/base/m", Read(("plugins:use:A:models", "m"), ("plugins:use:B:url", "x")).Folder);
        Assert.Equal("/x", Read(("plugins:use:A:models", "m"), ("plugins:use:B:models", "n"), ("models_folder", "/x")).Folder);
        Assert.Equal(5_000_000_000, Read(("models_disk_limit", "5000000000")).DiskLimit);
        var all = Assert.Throws<AggregateException>(() => Read(("plugins:use:A:models", "m"), ("plugins:use:B:models", "n"), ("models_disk_limit", "5 GB")));
        Assert.Equal(2, all.InnerExceptions.Count);
        Assert.Equal(ErrorCodes.ConfigurationInvalid, Assert.Throws<SwarmPoolException>(() => Read(("models_disk_limit", "-1"))).Code);
    }

    private static ModelFolderOptions Read(params (string Key, string Value)[] pairs) => ModelFolderOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(pairs.ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value)).Build(), "/base");

    private async Task<LocalPack> PullAsync() => await stage.Transfer.PullAsync((await stage.Transfer.AddAsync(stage.Source)).Cid);
}
