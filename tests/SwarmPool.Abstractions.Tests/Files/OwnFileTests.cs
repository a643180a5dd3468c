using System.Diagnostics;
using System.Runtime.Versioning;
using SwarmPool.Files;

namespace SwarmPool.Abstractions.Tests.Files;

/// <summary>What is made is its owner's alone, and nothing that another has put in a file's place is opened, waited for or written through.</summary>
[SupportedOSPlatform("linux")]
public sealed class OwnFileTests : IDisposable
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = Own | UnixFileMode.UserExecute;
    private const UnixFileMode Everyone = (UnixFileMode)0b110_110_110;

    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-files-").FullName;

    private string Place => Path.Combine(folder, "file");

    [Fact]
    public async Task Whatever_is_made_is_its_owners_alone()
    {
        OwnFile.Create(Place).Dispose();
        OwnFile.Create(Place + "2", "text");
        OwnFile.OpenOrCreate(Place + "3").Dispose();
        OwnFile.Write(Place + "4", "text");
        await OwnFile.WriteSharedAsync(Place + "5", new byte[3], isDurable: true, default);
        OwnFile.CreateFolder(Path.Combine(folder, "a", "b"));
        Assert.All(Directory.GetFiles(folder), file => Assert.Equal(Own, File.GetUnixFileMode(file)));
        Assert.Equal(5, Directory.GetFiles(folder).Length);
        Assert.All(Directory.GetDirectories(folder, "*", SearchOption.AllDirectories), made => Assert.Equal(OwnFolder, File.GetUnixFileMode(made)));
    }

    [Fact]
    public async Task In_a_shared_folder_whoever_may_read_it_may_read_what_is_in_it_and_nobody_may_write()
    {
        File.SetUnixFileMode(folder, OwnFolder | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute);
        OwnFile.CreateFolderIn(folder, "pins");
        await OwnFile.WriteSharedAsync(Place, new byte[3], isDurable: false, default);
        Assert.Equal(Own | UnixFileMode.GroupRead, File.GetUnixFileMode(Place));
        Assert.Equal(File.GetUnixFileMode(folder), File.GetUnixFileMode(Path.Combine(folder, "pins")));
    }

    [Fact]
    public void What_is_made_anew_never_takes_the_place_of_another_nor_follows_a_link()
    {
        var target = Place + "-of-the-daemon";
        File.WriteAllText(target, "precious");
        File.CreateSymbolicLink(Place, target);
        Assert.Throws<IOException>(() => OwnFile.Create(Place));
        Assert.Throws<IOException>(() => OwnFile.OpenOrCreate(Place));
        Assert.Throws<IOException>(() => OwnFile.CreateFolderIn(folder, MakeLinkToFolder()));
        Assert.Equal("precious", File.ReadAllText(target));
    }

    [Fact]
    public async Task A_shared_file_replaces_a_link_and_leaves_what_it_led_to()
    {
        var target = Place + "-of-the-daemon";
        File.WriteAllText(target, "precious");
        File.CreateSymbolicLink(Place, target);
        await OwnFile.WriteSharedAsync(Place, "new"u8.ToArray(), isDurable: false, default);
        Assert.Null(new FileInfo(Place).LinkTarget);
        Assert.Equal(("new", "precious"), (File.ReadAllText(Place), File.ReadAllText(target)));
        Assert.Empty(Directory.GetFiles(folder, OwnFile.AsidePrefix + "*"));
    }

    [Fact]
    public void What_a_user_links_to_or_names_as_a_device_is_written_to()
    {
        var target = Place + "-meant";
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(Place, target);
        OwnFile.Write(Place, "new");
        Assert.Equal("new", File.ReadAllText(target));
        Assert.NotNull(new FileInfo(Place).LinkTarget);
        OwnFile.Write("/dev/null", "nothing");
        Assert.False(File.GetAttributes("/dev/null").HasFlag(FileAttributes.Normal) && new FileInfo("/dev/null").Length > 0);
    }

    [Fact]
    public void What_others_may_do_is_taken_from_them_once()
    {
        File.WriteAllText(Place, "");
        File.SetUnixFileMode(Place, Everyone);
        Assert.True(OwnFile.Protect(Place));
        Assert.Equal(Own, File.GetUnixFileMode(Place));
        Assert.False(OwnFile.Protect(Place));
        Assert.False(OwnFile.Protect(Place + "-that-is-not-there"));

        File.SetUnixFileMode(folder, OwnFolder | Everyone);
        Assert.True(OwnFile.Protect(folder));
        Assert.Equal(OwnFolder | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(folder));
        File.SetUnixFileMode(folder, OwnFolder | Everyone | UnixFileMode.StickyBit);
        Assert.False(OwnFile.Protect(folder)); // As /tmp is.
    }

    [Fact]
    public void Another_users_file_is_refused_and_roots_is_not()
    {
        File.WriteAllText(Place, "");
        File.SetUnixFileMode(Place, Everyone);
        var (owner, user) = (Environment.IsPrivilegedProcess ? 4321U : UnixFile.User, 1234U);
        if (Environment.IsPrivilegedProcess)
        {
            Assert.True(OwnFile.Protect(Place, user)); // Root's: nobody is to be protected from root.
            File.SetUnixFileMode(Place, Everyone);
            Run("chown", "4321", Place);
        }

        var refused = Assert.Throws<UnauthorizedAccessException>(() => OwnFile.Protect(Place, user));
        Assert.Contains($"belongs to another user (number {owner})", refused.Message, StringComparison.Ordinal);
        Assert.True(OwnFile.Protect(Place, owner));
    }

    [Fact]
    public void A_regular_file_is_read_and_a_link_only_where_its_own_user_names_it()
    {
        File.WriteAllText(Place + "-target", "text");
        File.CreateSymbolicLink(Place, Place + "-target");
        Assert.Equal("text"u8.ToArray(), RegularFile.ReadAllBytes(Place + "-target", 4));
        Assert.Equal("text"u8.ToArray(), RegularFile.ReadAllBytes(Place, 4, followsLinks: true));
        Assert.Contains("is a link", Assert.Throws<IOException>(() => RegularFile.OpenRead(Place)).Message, StringComparison.Ordinal);
        Assert.Contains("has 4 bytes; at most 3", Assert.Throws<IOException>(() => RegularFile.ReadAllBytes(Place + "-target", 3)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(Place + "-that-is-not-there"));
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(Path.Combine(Place + "-target", "below")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fifo_a_folder_and_a_device_are_no_files_and_nobody_waits_for_them(bool followsLinks)
    {
        Run("mkfifo", Place);
        foreach (var path in new[] { Place, folder, "/dev/zero" })
        {
            var opened = Task.Run(() => Assert.Throws<IOException>(() => RegularFile.OpenRead(path, followsLinks)));
            Assert.Contains("no regular file", (await opened.WaitAsync(TimeSpan.FromSeconds(20))).Message, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        File.SetUnixFileMode(folder, OwnFolder);
        Directory.Delete(folder, recursive: true);
    }

    private string MakeLinkToFolder()
    {
        File.CreateSymbolicLink(Path.Combine(folder, "pins"), Path.GetTempPath());
        return "pins";
    }

    private static void Run(string program, params string[] arguments)
    {
        using var running = Process.Start(program, arguments);
        running.WaitForExit();
        Assert.Equal(0, running.ExitCode);
    }
}
