using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Keys.Remote;

namespace SwarmPool.Runtime.Tests.Keys;

/// <summary>A signer in another process: believed in nothing, bounded in everything.</summary>
public sealed class RemoteSignerTests : IDisposable
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes("A text to sign\n\nname: miner.alice.eth – ünïcode");

    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-signer-").FullName;
    private readonly byte[] key = PrivateKeys.Generate();
    private readonly PrivateKeySigner own;

    public RemoteSignerTests()
    {
        own = new PrivateKeySigner(key, SignatureEngines.Best);
        File.WriteAllText(KeyFile, Convert.ToHexStringLower(key));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private string KeyFile => Path.Combine(folder, "key");

    public void Dispose()
    {
        own.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Signs_what_the_key_itself_would()
    {
        using var remote = Process("good");
        await remote.StartAsync(Stop);
        Assert.Equal(own.Address, remote.Address);
        var signatures = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => remote.SignAsync(Text, Stop).AsTask()));
        var expected = (await own.SignAsync(Text, Stop)).ToArray();
        Assert.All(signatures, signature => Assert.Equal(expected, signature.ToArray()));
    }

    [Theory]
    [InlineData("refuse", ErrorCodes.SignerRefused, "no payouts on Sundays")]
    [InlineData("other-text", ErrorCodes.SignerFailed, "of the text")]
    [InlineData("other-id", ErrorCodes.SignerFailed, "no answer to the request")]
    [InlineData("garbage", ErrorCodes.SignerFailed, "no JSON")]
    [InlineData("two-lines", ErrorCodes.SignerFailed, "more than one line")]
    [InlineData("long", ErrorCodes.SignerFailed, "4096 bytes")]
    [InlineData("dies", ErrorCodes.SignerFailed, "ended before it answered")]
    public async Task What_is_no_signature_is_named(string mode, string code, string says)
    {
        using var remote = Process(mode);
        await remote.StartAsync(Stop);
        var e = await Assert.ThrowsAsync<SwarmPoolException>(async () => await remote.SignAsync(Text, Stop));
        Assert.Equal(code, e.Code);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Contains("the miner x.eth", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signer_that_says_nothing_is_not_waited_for()
    {
        var time = new FakeTimeProvider();
        using var remote = Process("silent", time);
        await remote.StartAsync(Stop);
        var asked = remote.SignAsync(Text, Stop).AsTask();
        time.Advance(RemoteSigner.Limit - TimeSpan.FromSeconds(1));
        Assert.False(asked.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<SwarmPoolException>(() => asked);
        Assert.Equal(ErrorCodes.SignerFailed, e.Code);
        Assert.Contains("within 10 s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_signs_in_different_ways_is_refused_at_the_start()
    {
        using var remote = Process("random");
        Assert.Equal(ErrorCodes.SignerFailed, (await Assert.ThrowsAsync<SwarmPoolException>(async () => await remote.StartAsync(Stop))).Code);
    }

    [Fact]
    public async Task One_that_dies_between_two_requests_is_started_again()
    {
        using var remote = Process("dies-after");
        await remote.StartAsync(Stop);
        var expected = (await own.SignAsync(Text, Stop)).ToArray();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(expected, (await remote.SignAsync(Text, Stop)).ToArray());
        }
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        using var program = new RemoteSigner(new SignerProcess(Path.Combine(folder, "none"), []), "x", TimeProvider.System);
        Assert.Equal(ErrorCodes.SignerFailed, (await Assert.ThrowsAsync<SwarmPoolException>(async () => await program.StartAsync(Stop))).Code);
        using var socket = new RemoteSigner(new SignerSocket(Path.Combine(folder, "none")), "x", TimeProvider.System);
        Assert.Equal(ErrorCodes.SignerFailed, (await Assert.ThrowsAsync<SwarmPoolException>(async () => await socket.StartAsync(Stop))).Code);
    }

    [Fact]
    public async Task Over_a_socket_it_sees_the_whole_text_and_the_account_and_a_change_of_account_is_refused()
    {
        var path = Path.Combine(folder, "s");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        using var other = new PrivateKeySigner(PrivateKeys.Generate(), SignatureEngines.Best);
        using var remote = new RemoteSigner(new SignerSocket(path), "x", TimeProvider.System);
        var first = ServeAsync(listener, own, requests: 4);
        await remote.StartAsync(Stop);
        Assert.Equal((await own.SignAsync(Text, Stop)).ToArray(), (await remote.SignAsync(Text, Stop)).ToArray());
        var seen = (await first)[^1];
        Assert.Equal(Encoding.UTF8.GetString(Text), seen.GetProperty("text").GetString());
        Assert.Equal(own.Address.ToString(), seen.GetProperty("account").GetString());

        var second = ServeAsync(listener, other, requests: 1);
        var e = await Assert.ThrowsAsync<SwarmPoolException>(async () => await remote.SignAsync(Text, Stop));
        Assert.Equal(ErrorCodes.SignerFailed, e.Code);
        Assert.Contains(other.Address.ToString(), e.Message, StringComparison.Ordinal);
        await second;
    }

    [Fact]
    public void One_source_and_no_more()
    {
        var e = Assert.Throws<SwarmPoolException>(() => KeyLoader.Load(new SignerOptions { KeyFile = KeyFile, SignerCommand = "sign", SignerSocket = "s" }, "x"));
        Assert.Equal(ErrorCodes.KeyInvalid, e.Code);
        Assert.Contains("a key file, a signer's command, a signer's socket", e.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.KeyInvalid, Assert.Throws<SwarmPoolException>(() => KeyLoader.Load(new SignerOptions { SignerSocket = "s" }, "x")).Code);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RemoteSigner Process(string mode, TimeProvider? time = null) => new(
        new SignerProcess("dotnet", [Path.Combine(AppContext.BaseDirectory, "SwarmPool.TestSigner.dll"), mode, KeyFile]), "the miner x.eth", time ?? TimeProvider.System);

    private static async Task<List<JsonElement>> ServeAsync(Socket listener, PrivateKeySigner signer, int requests)
    {
        using var socket = await listener.AcceptAsync(Stop);
        await using var stream = new NetworkStream(socket);
        using var lines = new StreamReader(stream);
        var seen = new List<JsonElement>();
        while (seen.Count < requests && await lines.ReadLineAsync(Stop) is { } line)
        {
            var request = JsonSerializer.Deserialize<JsonElement>(line);
            seen.Add(request);
            var id = request.GetProperty("id").GetInt64();
            object answer = request.GetProperty("method").GetString() == "account"
                ? new { id, account = signer.Address.ToString() }
                : new { id, signature = "0x" + Convert.ToHexStringLower((await signer.SignAsync(Encoding.UTF8.GetBytes(request.GetProperty("text").GetString()!), Stop)).Span) };
            await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(answer) + "\n"), Stop);
        }

        return seen;
    }
}
