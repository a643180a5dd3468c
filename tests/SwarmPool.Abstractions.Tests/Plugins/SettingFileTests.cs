using SwarmPool.Plugins;

namespace SwarmPool.Tests.Plugins;

public sealed class SettingFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("swarmpool-setting-");

    private string Place => Path.Combine(folder.FullName, "secret");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Lines_come_trimmed_and_without_the_blank_ones()
    {
        File.WriteAllText(Place, "\n  one \r\n\n\ttwo");
        Assert.Equal(["one", "two"], SettingFile.Lines(Place, "nodes_file"));
        Assert.Equal("one", SettingFile.FirstLine(Place, "nodes_file"));
    }

    [Fact]
    public void A_file_of_the_most_bytes_is_read()
    {
        File.WriteAllText(Place, new string('x', SettingFile.MaxBytes));
        Assert.Equal(SettingFile.MaxBytes, SettingFile.FirstLine(Place, "key").Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(SettingFile.MaxBytes + 1)]
    public void One_that_is_missing_empty_or_too_large_is_named_and_not_shown(int? bytes)
    {
        if (bytes is { } length)
        {
            File.WriteAllText(Place, string.Concat(Enumerable.Repeat("hunter2", length)).PadRight(length)[..length]);
        }

        var fault = Assert.Throws<IOException>(() => SettingFile.FirstLine(Place, "password_file"));
        Assert.Contains($"{Place} ('password_file')", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault.ToString(), StringComparison.Ordinal);
    }
}
