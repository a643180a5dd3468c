using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Keys;

namespace SwarmPool.Runtime.Tests.Keys;

public sealed class KeyLoaderTests : IDisposable
{
    private const string Key = "4646464646464646464646464646464646464646464646464646464646464646";
    private const string Address = "0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f";

    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-keys-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(Key)]
    [InlineData("0x" + Key)]
    [InlineData("  0X" + Key + "\n")]
    public void Reads_hex_from_a_variable_or_a_file(string text)
    {
        using var fromVariable = KeyLoader.Load(new SignerOptions { Key = text }, "x");
        using var fromFile = KeyLoader.Load(new SignerOptions { KeyFile = Secret(text) }, "x");
        Assert.Equal(Address, fromVariable.Address.ToString());
        Assert.Equal(Address, fromFile.Address.ToString());
    }

    [Theory]
    [InlineData("46")]
    [InlineData("g646464646464646464646464646464646464646464646464646464646464646")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    public void What_is_no_key_is_SP1202_and_is_not_shown(string text)
    {
        var e = Assert.Throws<SwarmPoolException>(() => KeyLoader.Load(new SignerOptions { Key = text }, "the miner y.eth"));
        Assert.Equal(ErrorCodes.KeyInvalid, e.Code);
        Assert.Contains("the miner y.eth", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(text + " ", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_sources_are_SP1202_and_none_or_a_missing_file_is_SP1201()
    {
        Assert.Equal(ErrorCodes.KeyInvalid, CodeOf(new SignerOptions { Key = Key, KeyFile = Secret(Key) }, "x"));
        Assert.Equal(ErrorCodes.KeyMissing, CodeOf(new SignerOptions { Key = "" }, "x"));
        Assert.Equal(ErrorCodes.KeyMissing, CodeOf(new SignerOptions { KeyFile = Path.Combine(folder, "none") }, "x"));
        Assert.Equal(ErrorCodes.KeyMissing, CodeOf(new SignerOptions { Keystore = Path.Combine(folder, "none"), Password = "x" }, "x"));
        Assert.Equal(ErrorCodes.KeystorePassword, CodeOf(new SignerOptions { Keystore = Path.Combine(folder, "none") }, "x"));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_key_that_others_can_read_is_refused_with_the_mend(UnixFileMode others)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix file modes.");
            return;
        }

        var path = Secret(Key);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | others);
        var e = Assert.Throws<SwarmPoolException>(() => KeyLoader.Load(new SignerOptions { KeyFile = path }, "x"));
        Assert.Equal(ErrorCodes.KeyInvalid, e.Code);
        Assert.Contains($"chmod 600 {path}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_file_opens_a_keystore_and_its_line_end_does_not_count()
    {
        var path = Path.Combine(folder, "keystore.json");
        File.WriteAllBytes(path, Keystore.Encrypt(Convert.FromHexString(Key), "pass word", new ScryptKdf(16, 1, 1, [1, 2, 3])));
        using var signer = KeyLoader.Load(new SignerOptions { Keystore = path, PasswordFile = Secret("pass word\n") }, "x");
        Assert.Equal(Address, signer.Address.ToString());
    }

    [Fact]
    public void Generated_keys_are_keys_and_differ()
    {
        var one = PrivateKeys.Generate();
        Assert.Equal(32, one.Length);
        Assert.NotEqual(one, PrivateKeys.Generate());
        using var signer = KeyLoader.Load(new SignerOptions { Key = Convert.ToHexStringLower(one) }, "x");
    }

    private static string CodeOf(SignerOptions options, string owner) => Assert.Throws<SwarmPoolException>(() => KeyLoader.Load(options, owner)).Code;

    private string Secret(string text)
    {
        var path = Path.Combine(folder, "secret");
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
