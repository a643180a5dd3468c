using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SwarmPool.Plugins.Ens.Tests.Support;

/// <summary>What a tap does with requests.</summary>
public enum TapMode
{
    Pass = 0,
    HangUp,
    Status500,
    Redirect,
    NoJson,
    HalfCharacter,
    NoBatch,
    LeavesOneOut,
    Huge,
    Drip,
    Silent,

    /// <summary>It passes on what the node says with one text in the place of another: it lies.</summary>
    Lie,
}

/// <summary>Stands before a real node: keeps what is asked, and lets it through, or does what a bad node does.</summary>
public sealed class RpcTap : LoopbackServer
{
    private readonly Uri node;
    private readonly HttpClient http = new();
    private readonly ConcurrentQueue<string> requests = [];
    private int mode;

    private RpcTap(Uri node)
        : this(node, new Holder())
    {
    }

    private RpcTap(Uri node, Holder holder)
        : base(context => holder.Tap!.HandleAsync(context))
    {
        this.node = node;
        holder.Tap = this;
    }

    public TapMode Mode
    {
        get => (TapMode)Volatile.Read(ref mode);
        set => Volatile.Write(ref mode, (int)value);
    }

    /// <summary>What a lie is: this text of an answer, and what is said in its place.</summary>
    public (string True, string False) Lie { get; set; }

    /// <summary>The requests so far, in the order they came.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    public static async Task<RpcTap> StartAsync(Uri node)
    {
        var tap = new RpcTap(node);
        await tap.StartAsync();
        return tap;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        http.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var asked = await reader.ReadToEndAsync();
        requests.Enqueue(asked);
        switch (Mode)
        {
            case TapMode.HangUp:
                context.Abort();
                break;
            case TapMode.Status500:
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync("boom");
                break;
            case TapMode.Redirect:
                context.Response.Redirect(node.ToString());
                break;
            case TapMode.NoJson:
                await context.Response.WriteAsync("<html>hello</html>");
                break;
            case TapMode.HalfCharacter:
                await context.Response.WriteAsync($"[{string.Join(',', Enumerable.Range(0, 64).Select(static id => $$"""{"jsonrpc":"2.0","id":{{id}},"result":"\ud800"}"""))}]");
                break;
            case TapMode.NoBatch:
                await context.Response.WriteAsync("""{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batches are not for you"}}""");
                break;
            case TapMode.LeavesOneOut:
                await context.Response.WriteAsync("[]");
                break;
            case TapMode.Huge:
                await WriteUntilGoneAsync(context, new string('x', 64 * 1024), pause: null);
                break;
            case TapMode.Drip:
                await WriteUntilGoneAsync(context, " ", pause: TimeSpan.FromMilliseconds(50));
                break;
            case TapMode.Silent:
                await WriteUntilGoneAsync(context, "", pause: TimeSpan.FromMilliseconds(50));
                break;
            case TapMode.Lie:
                using (var content = new StringContent(asked, Encoding.UTF8, "application/json"))
                using (var response = await http.PostAsync(node, content, context.RequestAborted))
                {
                    var said = await response.Content.ReadAsStringAsync(context.RequestAborted);
                    await context.Response.WriteAsync(said.Replace(Lie.True, Lie.False, StringComparison.OrdinalIgnoreCase), context.RequestAborted);
                }

                break;
            default:
                using (var content = new StringContent(asked, Encoding.UTF8, "application/json"))
                using (var response = await http.PostAsync(node, content, context.RequestAborted))
                {
                    await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
                }

                break;
        }
    }

    private static async Task WriteUntilGoneAsync(HttpContext context, string text, TimeSpan? pause)
    {
        try
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(text, context.RequestAborted);
                await Task.Delay(pause ?? TimeSpan.Zero, TimeProvider.System, context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever asked has had enough, as it should.
        }
    }

    private sealed class Holder
    {
        public RpcTap? Tap { get; set; }
    }
}
