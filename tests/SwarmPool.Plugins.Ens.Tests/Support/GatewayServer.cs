using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Abi;

namespace SwarmPool.Plugins.Ens.Tests.Support;

/// <summary>What a gateway does with requests.</summary>
public enum GatewayMode
{
    Answer = 0,
    OtherQuestion,
    Redirect,
    NotFound,
    Broken,
    NoJson,
    HalfCharacter,
    Huge,
    Drip,
}

/// <summary>A gateway of EIP-3668 with https on loopback: it knows one account for every name, or does what a bad one does.</summary>
public sealed class GatewayServer : LoopbackServer
{
    private readonly X509Certificate2 certificate;
    private readonly ConcurrentQueue<string> methods;

    private GatewayServer(EthAddress account, GatewayMode mode, X509Certificate2 certificate, ConcurrentQueue<string> methods)
        : base(context => HandleAsync(context, account, mode, methods), listen => listen.UseHttps(certificate)) =>
        (this.certificate, this.methods) = (certificate, methods);

    /// <summary>The methods of the requests so far.</summary>
    public IReadOnlyCollection<string> Methods => methods;

    public string Thumbprint => certificate.Thumbprint;

    public static async Task<GatewayServer> StartAsync(EthAddress account, GatewayMode mode = GatewayMode.Answer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var own = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var gateway = new GatewayServer(account, mode, X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pfx), null), []);
        await gateway.StartAsync();
        return gateway;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        certificate.Dispose();
    }

    private static async Task HandleAsync(HttpContext context, EthAddress account, GatewayMode mode, ConcurrentQueue<string> methods)
    {
        methods.Enqueue(context.Request.Method);
        switch (mode)
        {
            case GatewayMode.Redirect:
                context.Response.Redirect(context.Request.Path + "again");
                break;
            case GatewayMode.NotFound:
                context.Response.StatusCode = 404;
                break;
            case GatewayMode.Broken:
                context.Response.StatusCode = 502;
                break;
            case GatewayMode.NoJson:
                await context.Response.WriteAsync("{\"data\":7}");
                break;
            case GatewayMode.HalfCharacter:
                await context.Response.WriteAsync("""{"data":"\ud800"}""");
                break;
            case GatewayMode.Huge:
                await context.Response.WriteAsync(new string(' ', 300 * 1024));
                break;
            case GatewayMode.Drip:
                await DripAsync(context);
                break;
            default:
                var question = Convert.FromHexString((await DataAsync(context.Request))[2..]);
                var answer = Answer(question, account);
                var asked = mode == GatewayMode.OtherQuestion ? new byte[question.Length] : question;
                var data = AbiCall.Encode(0, AbiArgument.Bytes(asked), AbiArgument.Bytes(answer)).AsMemory(AbiCall.SelectorBytes);
                await context.Response.WriteAsJsonAsync(new Dictionary<string, string> { ["data"] = "0x" + Convert.ToHexStringLower(data.Span) });
                break;
        }
    }

    private static async Task<string> DataAsync(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method))
        {
            return request.Path.Value!.Split('/')[^1];
        }

        var body = await request.ReadFromJsonAsync<JsonElement>();
        return body.GetProperty("data").GetString()!;
    }

    // The question is abi.encode(name, call): an address is told, and that there is no text.
    private static byte[] Answer(byte[] question, EthAddress account)
    {
        Assert.True(new AbiReader(question).TryBytes(1, out var call));
        return call[..4].SequenceEqual(new byte[] { 0x3b, 0x3b, 0x57, 0xde }) ? AbiArgument.Address(account).Data : AbiCall.Encode(0, AbiArgument.Bytes([]))[AbiCall.SelectorBytes..];
    }

    private static async Task DripAsync(HttpContext context)
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(" ");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
