using SwarmPool.Files;

namespace SwarmPool.Abstractions.Tests.Files;

public sealed class RealPathTests : IDisposable
{
    private readonly string folder = RealPath.Of(Directory.CreateTempSubdirectory("swarmpool-real-").FullName);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_path_without_links_is_its_own()
    {
        Assert.Equal(At("a/b"), RealPath.Of(At("a/b")));
        Assert.Equal(At("b"), RealPath.Of(At("a/../b")));
        Assert.Equal(Path.GetPathRoot(folder), RealPath.Of(Path.GetPathRoot(folder)!));
    }

    [Fact]
    public void Links_are_followed_to_the_end_those_of_folders_too()
    {
        Directory.CreateDirectory(At("versions/2"));
        File.WriteAllText(At("versions/2/file"), "");
        Directory.CreateSymbolicLink(At("..data"), "versions/2");
        File.CreateSymbolicLink(At("file"), "..data/file");
        File.CreateSymbolicLink(At("absolute"), At("file"));
        Assert.Equal(At("versions/2/file"), RealPath.Of(At("file")));
        Assert.Equal(At("versions/2/file"), RealPath.Of(At("absolute")));
        Assert.Equal(At("versions/2"), RealPath.Of(At("..data") + "/"));
    }

    [Fact]
    public void What_is_above_a_linked_folder_is_above_its_target()
    {
        Directory.CreateDirectory(At("deep/below"));
        Directory.CreateSymbolicLink(At("in"), "deep/below");
        File.CreateSymbolicLink(At("link"), "in/../other");
        Assert.Equal(At("deep/other"), RealPath.Of(At("link")));
    }

    [Fact]
    public void What_is_not_there_yet_lies_where_it_would_be_made()
    {
        Directory.CreateDirectory(At("real"));
        Directory.CreateSymbolicLink(At("link"), "real");
        File.CreateSymbolicLink(At("dangling"), "real/new.db");
        Assert.Equal(At("real/new.db"), RealPath.Of(At("link/new.db")));
        Assert.Equal(At("real/new.db"), RealPath.Of(At("dangling")));
    }

    [Fact]
    public void A_circle_is_an_error()
    {
        File.CreateSymbolicLink(At("a"), "b");
        File.CreateSymbolicLink(At("b"), "a");
        Assert.Contains("circle", Assert.Throws<IOException>(() => RealPath.Of(At("a"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_in_a_folder_by_where_both_are_in_the_end()
    {
        Directory.CreateDirectory(At("models/a"));
        Directory.CreateDirectory(At("models-2"));
        Directory.CreateSymbolicLink(At("link"), "models/a");
        Assert.True(RealPath.IsIn(At("models/a/x"), At("link")));
        Assert.True(RealPath.IsIn(At("link/x"), At("models")));
        Assert.False(RealPath.IsIn(At("models-2"), At("models")));
        Assert.False(RealPath.IsIn(At("models"), At("models")));
        File.CreateSymbolicLink(At("models/a/out"), "../../models-2/x");
        Assert.False(RealPath.IsIn(At("models/a/out"), At("models")));
    }

    [Fact]
    public void A_stamp_is_the_files_whatever_the_path()
    {
        File.WriteAllText(At("one"), "1");
        File.WriteAllText(At("two"), "2");
        var written = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(At("one"), written);
        File.SetLastWriteTimeUtc(At("two"), written);
        File.CreateSymbolicLink(At("link"), "one");
        Assert.Equal(FileStamp.Of(At("one")), FileStamp.Of(At("link")));
        File.Delete(At("link"));
        File.CreateSymbolicLink(At("link"), "two");
        Assert.NotEqual(FileStamp.Of(At("one")), FileStamp.Of(At("link")));
        Assert.True(FileStamp.Of(At("one")).IsYoung(DateTimeOffset.UtcNow));
        Assert.False(FileStamp.Of(At("one")).IsYoung(DateTimeOffset.UtcNow.AddHours(1)));
        Assert.Throws<FileNotFoundException>(() => FileStamp.Of(At("none")));
    }

    private string At(string relative) => Path.Combine(folder, relative);
}
