using System.Text;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Keys;

namespace SwarmPool.Runtime.Tests.Keys;

public sealed class KeystoreTests : IDisposable
{
    private const string Key = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

    // The two test vectors of the Web3 Secret Storage Definition, version 3; password "testpassword".
    private const string Pbkdf2Vector = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    private const string ScryptVector = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":262144,"r":1,"p":8,"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
        "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-keys-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(Pbkdf2Vector)]
    [InlineData(ScryptVector)]
    public void Reads_the_official_vectors(string json)
    {
        var key = new byte[32];
        Assert.True(Keystore.TryDecrypt(Encoding.ASCII.GetBytes(json), "testpassword", key));
        Assert.Equal(Key, Convert.ToHexStringLower(key));
    }

    // RFC 7914 section 12: the first 32 of its 64 bytes, which are the same when only they are asked for.
    [Theory]
    [InlineData("", "", 16, 1, 1, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442")]
    [InlineData("password", "NaCl", 1024, 8, 16, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")]
    [InlineData("pleaseletmein", "SodiumChloride", 16384, 8, 1, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")]
    public void Scrypt_is_that_of_RFC_7914(string password, string salt, int n, int r, int p, string expected) =>
        Assert.Equal(expected, Convert.ToHexStringLower(new ScryptKdf(n, r, p, Encoding.ASCII.GetBytes(salt)).Derive(password)));

    // What wallets and other libraries write, this reads; what this writes, they read.
    [Fact]
    public void Nethereum_reads_what_is_written_here_and_the_other_way_round()
    {
        var key = PrivateKeys.Generate();
        var account = Protocol.Signatures.SignatureEngines.Best.AddressOf(key).ToString();
        var theirs = new Nethereum.KeyStore.KeyStoreScryptService();
        var written = Keystore.Encrypt(key, "pässword", new ScryptKdf(1 << 12, 8, 1, new byte[32]));
        Assert.Equal(key, theirs.DecryptKeyStoreFromJson("pässword", Encoding.UTF8.GetString(written)));

        var read = new byte[32];
        var json = theirs.EncryptAndGenerateKeyStoreAsJson("pässword", key, account, new Nethereum.KeyStore.Model.ScryptParams { Dklen = 32, N = 1 << 12, R = 8, P = 1 });
        Assert.True(Keystore.TryDecrypt(Encoding.UTF8.GetBytes(json), "pässword", read));
        Assert.Equal(key, read);
    }

    [Fact]
    public void Reads_back_what_it_wrote()
    {
        var path = Path.Combine(folder, "new.json");
        var key = PrivateKeys.Generate();
        Keystore.Write(path, key, "pässword");
        using var signer = KeyLoader.Load(new SignerOptions { Keystore = path, Password = "pässword" }, "the test");
        Assert.Equal(SwarmPool.Protocol.Signatures.SignatureEngines.Best.AddressOf(key), signer.Address);
        Assert.Throws<IOException>(() => Keystore.Write(path, key, "other"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void A_wrong_password_is_SP1203_and_shown_nowhere()
    {
        var path = Write(Pbkdf2Vector);
        var e = Assert.Throws<SwarmPoolException>(() => KeyLoader.Load(new SignerOptions { Keystore = path, Password = "guessedwrong" }, "the pool x.eth"));
        Assert.Equal(ErrorCodes.KeystorePassword, e.Code);
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("guessedwrong", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"n\":262144", "\"n\":262145")]
    [InlineData("\"n\":262144", "\"n\":3")]
    [InlineData("\"n\":262144", "\"n\":1")]
    [InlineData("\"n\":262144", "\"n\":0")]
    [InlineData("\"n\":262144", "\"n\":-2")]
    [InlineData("\"n\":262144", "\"n\":1073741824")]
    [InlineData("\"n\":262144", "\"n\":1048576")]
    [InlineData("\"r\":1", "\"r\":2000")]
    [InlineData("\"p\":8", "\"p\":1000000")]
    [InlineData("\"dklen\":32", "\"dklen\":2000000000")]
    [InlineData("\"scrypt\"", "\"argon2\"")]
    [InlineData("aes-128-ctr", "aes-128-cbc")]
    [InlineData("\"version\":3", "\"version\":1")]
    [InlineData("\"mac\"", "\"tag\"")]
    [InlineData("d172bf", "zz72bf")]
    [InlineData("d172bf", "")]
    [InlineData("{\"crypto\"", "[\"crypto\"")]
    public void Refuses_a_hostile_or_foreign_keystore_before_it_costs_anything(string part, string by)
    {
        var path = Write(ScryptVector.Replace(part, by, StringComparison.Ordinal));
        var e = Assert.Throws<SwarmPoolException>(() => KeyLoader.Load(new SignerOptions { Keystore = path, Password = "testpassword" }, "x"));
        Assert.Equal(ErrorCodes.KeyInvalid, e.Code);
    }

    [Fact]
    public void Keystores_beyond_64_KiB_are_not_read()
    {
        var path = Write(new string(' ', 65_537));
        var e = Assert.Throws<SwarmPoolException>(() => KeyLoader.Load(new SignerOptions { Keystore = path, Password = "x" }, "x"));
        Assert.Equal(ErrorCodes.KeyInvalid, e.Code);
    }

    private string Write(string text)
    {
        var path = Path.Combine(folder, "keystore.json");
        File.WriteAllText(path, text);
        return path;
    }
}
