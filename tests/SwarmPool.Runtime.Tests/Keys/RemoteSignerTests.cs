using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Keys.Remote;
using SwarmPool.Runtime.Signatures;
using SwarmPool.Runtime.Tests.Snapshots;

namespace SwarmPool.Runtime.Tests.Keys;

/// <summary>Signers that are programs of their own, or listen at a socket: good ones, and all that others can do.</summary>
public sealed class RemoteSignerTests : IDisposable
{
    private static readonly byte[] Text = "SwarmPool snapshot v1\ntype: claim\npool: \"x\""u8.ToArray();

    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-signer-").FullName;
    private readonly PrivateKeySigner key = ExampleSnapshots.Signer();

    private string Account => key.Address.ToString();

    public void Dispose()
    {
        key.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_program_signs_and_is_given_the_whole_text()
    {
        using var signer = Command($"while read -r line; do printf '%s\\n' \"$line\" >> '{In("asked")}'; echo '{await GoodAsync()}'; done");
        Assert.Equal(key.Address, signer.Address);
        Assert.Equal(await HexAsync(), Hex(await signer.SignAsync(Text, CancellationToken.None)));
        Assert.Equal(await HexAsync(), Hex(await signer.SignAsync(Text, CancellationToken.None)));
        var asked = await File.ReadAllLinesAsync(In("asked"));
        Assert.Equal(3, asked.Length); // The first text is signed twice.
        using var request = JsonDocument.Parse(asked[0]);
        Assert.Equal(Encoding.UTF8.GetString(Text), request.RootElement.GetProperty("text").GetString());
        Assert.Equal(Account, request.RootElement.GetProperty("account").GetString());
    }

    [Fact]
    public async Task A_program_that_ended_is_started_again()
    {
        using var signer = Command($"echo started >> '{In("starts")}'; read -r line; echo '{await GoodAsync()}'; read -r line; echo '{await GoodAsync()}'");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(await HexAsync(), Hex(await signer.SignAsync(Text, CancellationToken.None)));
        }

        Assert.Equal(2, (await File.ReadAllLinesAsync(In("starts"))).Length);
    }

    [Fact]
    public async Task Whoever_listens_at_a_socket_signs_and_may_come_back_in_between()
    {
        var path = In("s");
        using var signer = Loaded(new KeyOptions { What = "the pool x.eth", SignerSocket = path, SignerAccount = Account });
        for (var i = 0; i < 2; i++)
        {
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            using var end = new CancellationTokenSource();
            var serving = ServeAsync(listener, end.Token);
            Assert.Equal(await HexAsync(), Hex(await signer.SignAsync(Text, CancellationToken.None)));
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
            File.Delete(path);
        }

        await FailsAsync(signer, ErrorCodes.SignerFailed, "can't be reached");
    }

    [Theory]
    [InlineData("exit 1", "ended without an answer")]
    [InlineData("while read -r l; do echo garbage; done", "no JSON")]
    [InlineData("while read -r l; do echo '{}'; done", "neither")]
    [InlineData("while read -r l; do echo '{\"signature\":\"0x12\"}'; done", "130 hex digits")]
    [InlineData("while read -r l; do printf '%05000d\\n' 0; done", "longer than 4096 bytes")]
    [InlineData("while read -r l; do printf 'a\\nb\\n'; done", "more than one line")]
    public async Task What_is_no_signature_is_named(string script, string says)
    {
        using var signer = Command(script);
        await FailsAsync(signer, ErrorCodes.SignerFailed, says);
    }

    [Fact]
    public async Task Another_accounts_signature_and_another_texts_are_not_taken()
    {
        using var other = new PrivateKeySigner(Convert.FromHexString(new string('1', 64)), SignatureEngines.Best);
        var foreign = Hex(await other.SignAsync(Text, CancellationToken.None));
        using var signer = Command($"while read -r l; do echo '{{\"signature\":\"{foreign}\"}}'; done");
        await FailsAsync(signer, ErrorCodes.SignerFailed, other.Address.ToString());
        var beside = Hex(await key.SignAsync("another text"u8.ToArray(), CancellationToken.None));
        using var mistaken = Command($"while read -r l; do echo '{{\"signature\":\"{beside}\"}}'; done");
        await FailsAsync(mistaken, ErrorCodes.SignerFailed, "it is to sign for");
    }

    [Fact]
    public async Task One_that_signs_a_text_in_two_ways_is_not_used()
    {
        var program = Program($"i=0; while read -r l; do i=$((i+1)); printf '{{\"signature\":\"0x%0130d\"}}\\n' $i; done");
        using var signer = new RemoteSigner(
            "the pool x.eth", program, key.Address, _ => ValueTask.FromResult(SignerLine.ToCommand(program)), new EngineThatTakesAll(key.Address), TimeProvider.System);
        await FailsAsync(signer, ErrorCodes.SignerFailed, "in two ways");
    }

    [Fact]
    public async Task A_refusal_comes_with_its_reason_and_the_signer_goes_on()
    {
        using var signer = Command($"read -r l; echo '{{\"refused\":\"not at night\"}}'; while read -r l; do echo '{await GoodAsync()}'; done");
        await FailsAsync(signer, ErrorCodes.SignerRefused, "not at night");
        Assert.Equal(await HexAsync(), Hex(await signer.SignAsync(Text, CancellationToken.None)));
    }

    [Fact]
    public async Task A_silent_one_is_given_up_in_time_and_its_process_ended()
    {
        var time = new FakeTimeProvider();
        using var signer = Command($"echo $$ > '{In("pid")}'; exec sleep 600", time);
        var signing = signer.SignAsync(Text, CancellationToken.None).AsTask();
        int id;
        while (!File.Exists(In("pid")) || !int.TryParse(await File.ReadAllTextAsync(In("pid")), CultureInfo.InvariantCulture, out id))
        {
            await Task.Yield();
        }

        time.Advance(RemoteSigner.Patience);
        var e = await Assert.ThrowsAsync<SwarmPoolException>(() => signing);
        Assert.Equal(ErrorCodes.SignerFailed, e.Code);
        Assert.Contains("no answer for 10 s", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [Theory]
    [InlineData("/bin/true", "/tmp/x", null, "0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f", "more than one signer")]
    [InlineData("/bin/true", null, "key", "0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f", "more than one signer")]
    [InlineData("/bin/true", null, null, null, "needs its account")]
    [InlineData(null, "/tmp/x", null, "0x12", "needs its account")]
    public void Options_that_contradict_each_other_are_SP1202(string? command, string? socket, string? file, string? account, string says)
    {
        var e = Assert.Throws<SwarmPoolException>(() => SignerLoader.Load(
            new KeyOptions { What = "x", SignerCommand = command, SignerSocket = socket, KeyFile = file, SignerAccount = account }, TimeProvider.System));
        Assert.Equal(ErrorCodes.KeyInvalid, e.Code);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_can_not_be_started_is_named()
    {
        using var signer = Loaded(new KeyOptions { What = "the pool x.eth", SignerCommand = In("nothing"), SignerAccount = Account });
        await FailsAsync(signer, ErrorCodes.SignerFailed, In("nothing"));
    }

    private async Task ServeAsync(Socket listener, CancellationToken cancellationToken)
    {
        using var peer = await listener.AcceptAsync(cancellationToken);
        await using var stream = new NetworkStream(peer);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            using var request = JsonDocument.Parse(line);
            var signature = await key.SignAsync(Encoding.UTF8.GetBytes(request.RootElement.GetProperty("text").GetString()!), cancellationToken);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"{{\"signature\":\"{Hex(signature)}\"}}\n"), cancellationToken);
        }
    }

    private static async Task FailsAsync(RemoteSigner signer, string code, string says)
    {
        var e = await Assert.ThrowsAsync<SwarmPoolException>(() => signer.SignAsync(Text, CancellationToken.None).AsTask());
        Assert.Equal(code, e.Code);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.Contains("the pool x.eth", e.Message, StringComparison.Ordinal);
    }

    private RemoteSigner Command(string script, TimeProvider? time = null)
    {
        return Loaded(new KeyOptions { What = "the pool x.eth", SignerCommand = Program(script), SignerAccount = Account }, time);
    }

    private string Program(string script)
    {
        var path = In($"signer-{Directory.GetFiles(folder).Length}");
        File.WriteAllText(path, "#!/bin/bash\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private static RemoteSigner Loaded(KeyOptions options, TimeProvider? time = null) =>
        Assert.IsType<RemoteSigner>(SignerLoader.Load(options, time ?? TimeProvider.System));

    private string In(string name) => Path.Combine(folder, name);

    private async Task<string> GoodAsync() => $"{{\"signature\":\"{await HexAsync()}\"}}";

    private async Task<string> HexAsync() => Hex(await key.SignAsync(Text, CancellationToken.None));

    /// <summary>Two signatures of one text under one key can't be had from a deterministic signer, so here any is one.</summary>
    private sealed class EngineThatTakesAll(EthAddress account) : ISignatureEngine
    {
        public string Name => "takes all";

        public EthAddress AddressOf(ReadOnlySpan<byte> key32) => account;

        public void Sign(ReadOnlySpan<byte> key32, ReadOnlySpan<byte> hash32, Span<byte> sig65) => throw new NotSupportedException();

        public bool TryRecover(ReadOnlySpan<byte> hash32, ReadOnlySpan<byte> sig65, out EthAddress address)
        {
            address = account;
            return true;
        }
    }

    private static string Hex(ReadOnlyMemory<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes.Span);
}
