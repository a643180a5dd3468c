using System.Text;
using CsCheck;
using SwarmPool.Plugins;

namespace SwarmPool.Abstractions.Tests.Plugins;

public sealed class RedactorTests
{
    private const string Secret = "s3cr3tValue";

    /// <summary>Settings with a secret at every place where one may stand.</summary>
    public static TheoryData<string> Settings =>
    [
        "redis://:s3cr3tValue@host:6379", "redis://user:s3cr3tValue@host", "rediss://s3cr3tValue@host/3", "https://s3cr3tValue@node.example", "https://me:s3cr3tValue@node.example/path",
        "https://node.example/v3/s3cr3tValue", "https://node.example/s3cr3tValue/", "https://node.example/?apikey=s3cr3tValue", "wss://node.example/ws?x=1&k=s3cr3tValue#f",
        "mqtts://user:s3cr3tValue@broker:8883", "host:6379,password=s3cr3tValue,ssl=true", "host:6379,password = s3cr3tValue", "host:6379,ssl=true,password=s3cr3tValue",
        "Server=db;Password=\"s3cr3tValue\";Encrypt=true", "Server=db;Pwd='s3cr3tValue'", "host,sslPassword=s3cr3tValue", "client_secret=s3cr3tValue&x=y", "api-key=s3cr3tValue",
        "bearer:s3cr3tValue", "basic:user:s3cr3tValue", "Bearer s3cr3tValue",
    ];

    [Theory]
    [MemberData(nameof(Settings))]
    public void What_is_secret_in_a_setting_is_taken_out_of_any_text(string setting)
    {
        var redactor = Redactor.For([setting]);
        foreach (var text in (string[])
        [
            Secret, setting, $"the server said: {setting}.", $"can't resolve '{Secret}'", $"{{\"url\":\"{setting}\"}}", Secret.ToUpperInvariant(),
            $"x{Secret}y", Uri.EscapeDataString(setting), $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret))}",
        ])
        {
            var clean = redactor.Clean(text);
            Assert.DoesNotContain(Secret, clean, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), clean, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_header_of_a_user_and_a_password_is_known() => Assert.DoesNotContain(
        Convert.ToBase64String("user:s3cr3tValue"u8), Redactor.For(["basic:user:s3cr3tValue"]).Clean($"sent {Convert.ToBase64String("user:s3cr3tValue"u8)}"), StringComparison.Ordinal);

    [Theory]
    [InlineData(@"host:6379,password=left\,right9,ssl=true")]
    [InlineData("host:6379,password=left,right9,ssl=true")]
    [InlineData("host:6379,password=\"left,right9\",ssl=true")]
    [InlineData("Server=db;Password='left;right9';Encrypt=true")]
    [InlineData("redis://:left%2Cright9@host")]
    [InlineData("redis://:left/right9@host")]
    [InlineData("redis://:left@right9@host")]
    public void A_separator_in_a_secret_leaves_no_part_of_it(string setting)
    {
        var redactor = Redactor.For([setting]);
        foreach (var text in (string[])[setting, "left", "right9", "left,right9", "no host left\\", $"failed: {setting}"])
        {
            var clean = redactor.Clean(text);
            Assert.DoesNotContain("right9", clean, StringComparison.Ordinal);
            Assert.DoesNotContain("left,", clean, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("right9", Redactor.Forms.Clean($"failed: {setting}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://:x@host:6379 is away", "redis://…@host:6379 is away")]
    [InlineData("at https://n.example/p?k=1&q=2, later", "at https://n.example/p?…")]
    [InlineData("host:6379,password=x,ssl=true", "host:6379,password=…,ssl=true")]
    [InlineData("{\"password\":\"a\\\"b\",\"n\":1}", "{\"password\":…,\"n\":1}")]
    [InlineData("Authorization: Bearer abc\nHost: n", "Authorization: …\nHost: n")]
    [InlineData("sent Bearer eyJhbGciOiJIUzI1NiJ9.e30 to it", "sent Bearer … to it")]
    public void Unknown_secrets_are_taken_out_by_their_form(string text, string expected) => Assert.StartsWith(expected, Redactor.Forms.Clean(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("The transport redis://host:6379 failed: the server did not answer in time; check it.")]
    [InlineData("configuration: write it like host:6379,ssl=true,user=pool")]
    [InlineData("user, password: a built-in broker that other machines can reach needs both")]
    [InlineData("The key for the pool swarmpool.eth is missing. See https://docs.example/errors.md")]
    [InlineData("Basic authentication is off; the Bearer token was not taken.")]
    [InlineData("/ip4/192.0.2.1/tcp/4001/p2p/12D3KooW is not reachable, 5 of 7 peers @ 10:00")]
    public void What_holds_no_secret_stays_as_it_is(string text) => Assert.Equal(text, Redactor.Forms.Clean(text));

    [Fact]
    public void An_exception_with_a_secret_anywhere_in_it_is_another_one_and_else_itself()
    {
        var redactor = Redactor.For([], ["hunter22"]);
        var plain = new InvalidOperationException("nothing", new IOException("to see"));
        Assert.Same(plain, redactor.Clean(plain));
        var clean = redactor.Clean(new InvalidOperationException("outer", new IOException("can't reach hunter22")));
        Assert.Contains("outer", clean.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter22", clean.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Whatever a password is made of, in a string that a library would take it from.</summary>
    [Fact]
    public void No_password_survives() => Gen.String[Gen.Char[' ', '~'], 6, 20].Where(static text => text.Trim() == text && text.Distinct().Count() > 4).Sample(password =>
    {
        foreach (var setting in (string[])[$"redis://:{Uri.EscapeDataString(password)}@host:6379", $"bearer:{password}"])
        {
            var clean = Redactor.For([setting]).Clean($"«{password}» {setting}");
            Assert.DoesNotContain(password, clean, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(password), clean, StringComparison.Ordinal);
        }
    });
}
