using System.Diagnostics;
using System.Text;
using SwarmPool.Plugins.Ipfs.Tests.Support;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Ipfs.Tests.Hostile;

/// <summary>A node that is slow, wrong, endless or dying costs the one call a named error, and nobody else anything.</summary>
public sealed class HostileNodeTests : IAsyncLifetime
{
    private static readonly byte[] Good = [1, 2, 3];
    private static readonly Cid GoodCid = Cid.OfBlock(Good);
    private readonly HostileNode node = new();
    private readonly List<ITransport> parties = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var party in parties)
        {
            await party.DisposeAsync();
        }

        await node.DisposeAsync();
    }

    [Theory]
    [InlineData(500, "application/json", """{"Message":"disk on fire","Code":0,"Type":"error"}""", TransportFault.Unavailable, "(500): disk on fire")]
    [InlineData(400, "application/json", """{"Message":"argument \"arg\" is required","Code":1,"Type":"error","More":[1]}""", TransportFault.Unavailable, "(400): argument")]
    [InlineData(403, "text/plain", "403 - Forbidden", TransportFault.Unavailable, "check 'auth'")]
    [InlineData(401, "text/plain", "no", TransportFault.Unavailable, "check 'auth'")]
    [InlineData(404, "text/plain", "404 page not found", TransportFault.NotFound, "not an IPFS RPC API")]
    [InlineData(405, "text/plain", "405 - Method Not Allowed", TransportFault.Unavailable, "(405)")]
    [InlineData(500, "application/json", "no json at all", TransportFault.Unavailable, "no json at all")]
    [InlineData(500, "application/json", """{"Message":"block was not found locally (offline): ipld: could not find"}""", TransportFault.NotFound, "not found locally")]
    [InlineData(418, "text/html", "<b>\u001b[31mteapot\n</b>", TransportFault.Unavailable, "(418)")]
    public async Task An_error_in_any_form_is_named(int status, string type, string body, TransportFault fault, string words)
    {
        var thrown = await FailsAsync(fault, call => call.AnswerAsync(status, type, Encoding.UTF8.GetBytes(body)));
        Assert.Contains(words, thrown.Message);
        Assert.Contains(GoodCid.ToString(), thrown.Message);
        Assert.DoesNotContain(thrown.Message, char.IsControl);
    }

    [Fact]
    public async Task Wrong_bytes_are_a_mismatch() =>
        Assert.Contains("do not have that CID", (await FailsAsync(TransportFault.Mismatch, call => call.AnswerAsync(200, "text/plain", [1, 2, 2]))).Message);

    [Fact]
    public async Task Endless_bytes_are_cut_off_at_the_limit()
    {
        long sent = 0;
        var thrown = await FailsAsync(TransportFault.TooLarge, async call =>
        {
            await call.PublishAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            for (var chunk = new byte[16_384]; ; sent += chunk.Length)
            {
                await call.PublishAsync(chunk);
            }
        });
        Assert.Contains("more than 1000 bytes", thrown.Message);
        Assert.InRange(sent, 0, 16 * 1024 * 1024); // What fits into the sockets' buffers, no more.
    }

    [Fact]
    public async Task A_length_beyond_the_limit_is_refused_before_a_byte_is_read() =>
        Assert.Contains("9999999999", (await FailsAsync(
            TransportFault.TooLarge, call => call.PublishAsync("HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n"))).Message);

    [Fact]
    public async Task Endless_words_of_an_error_are_cut_off()
    {
        var thrown = await FailsAsync(TransportFault.Unavailable, async call =>
        {
            await call.PublishAsync("HTTP/1.1 500 X\r\nConnection: close\r\n\r\n");
            while (true)
            {
                await call.PublishAsync(new string('x', 16_384));
            }
        });
        Assert.InRange(thrown.Message.Length, 1, 1000);
    }

    [Fact]
    public async Task Death_in_the_middle_of_an_answer_is_named() =>
        Assert.Contains("broke off", (await FailsAsync(TransportFault.Unavailable, async call =>
        {
            await call.PublishAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
            await call.ResetAsync();
        })).Message);

    [Fact]
    public async Task An_error_behind_the_last_byte_is_seen() =>
        Assert.Contains("ran dry", (await FailsAsync(TransportFault.Unavailable, call => call.PublishAsync(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Stream-Error\r\n\r\n3\r\n\u0001\u0002\u0003\r\n0\r\nX-Stream-Error: the well ran dry\r\n\r\n"))).Message);

    [Fact]
    public async Task Silence_is_not_found_when_its_time_is_up()
    {
        var began = Stopwatch.GetTimestamp();
        Assert.Contains("within 1 s", (await FailsAsync(TransportFault.NotFound, call => call.HangAsync())).Message);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.9, 30);
    }

    [Fact]
    public async Task Bytes_that_trickle_are_not_found_when_the_time_is_up() =>
        await FailsAsync(TransportFault.NotFound, async call =>
        {
            await call.PublishAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
            while (true)
            {
                await call.PublishAsync("x");
                await Task.Delay(100, call.Stop);
            }
        });

    [Fact]
    public async Task The_callers_patience_ends_a_call()
    {
        node.On("block/get", call => call.HangAsync());
        using var patience = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Make().Content.GetAsync(GoodCid, 1000, patience.Token));
    }

    [Fact]
    public async Task A_redirection_is_not_followed_and_says_where_to()
    {
        await using var elsewhere = new HostileNode();
        var thrown = await FailsAsync(TransportFault.Unavailable, call => call.PublishAsync(
            $"HTTP/1.1 307 X\r\nLocation: {elsewhere.Api}/api/v0/block/get?token=hunter2\r\nContent-Length: 0\r\n\r\n"));
        Assert.Contains(elsewhere.Api, thrown.Message);
        Assert.DoesNotContain("hunter2", thrown.Message);
        Assert.Equal(0, elsewhere.Calls);
    }

    [Fact]
    public async Task A_connection_that_is_reset_at_first_is_tried_again()
    {
        var turns = 0;
        node.On("block/get", call => Interlocked.Increment(ref turns) == 1 ? call.ResetAsync() : call.AnswerAsync(200, "text/plain", Good));
        Assert.Equal(Good, (await Make().Content.GetAsync(GoodCid, 1000, default)).ToArray());
        Assert.Equal(2, turns);
    }

    [Fact]
    public async Task A_node_that_stores_under_another_CID_is_found_out()
    {
        node.On("block/put", 200, "application/json", $$"""{"Key":"{{Cid.OfBlock([9])}}","Size":"3"}""");
        await Party.ThrowsAsync(TransportFault.Mismatch, async () => await Make().Content.PutAsync(Good, default));
        node.On("block/put", 200, "application/json", """{"Key":"bafy-nonsense"}""");
        await Party.ThrowsAsync(TransportFault.Unavailable, async () => await Make().Content.PutAsync(Good, default));
        node.On("block/put", 200, "application/json", "[]");
        await Party.ThrowsAsync(TransportFault.Unavailable, async () => await Make().Content.PutAsync(Good, default));
    }

    [Fact]
    public async Task Fetches_that_hang_hold_up_no_other()
    {
        node.On("block/get", call => call.Target.Contains(GoodCid.ToString(), StringComparison.Ordinal) ? call.AnswerAsync(200, "text/plain", Good) : call.HangAsync());
        var party = Make(options => (options.ParallelFetches, options.FetchSeconds) = (4, 600));
        using var patience = new CancellationTokenSource();
        var hanging = Enumerable.Range(0, 24).Select(i => party.Content.GetAsync(Cid.OfBlock([9, (byte)i]), 1000, patience.Token).AsTask()).ToList();

        // More than four hang; each leaves the quick lane after a second, so that the good one is soon had.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.Equal(Good, (await party.Content.GetAsync(GoodCid, 1000, limit.Token)).ToArray());
        Assert.DoesNotContain(hanging, one => one.IsCompleted);
        await patience.CancelAsync();
        await Task.WhenAll(hanging.Select(one => Assert.ThrowsAnyAsync<OperationCanceledException>(() => one)));
    }

    [Fact]
    public async Task Too_many_that_hang_are_given_up_by_name()
    {
        node.On("block/get", call => call.HangAsync());
        var party = Make(options => (options.ParallelFetches, options.FetchSeconds) = (1, 600));
        using var patience = new CancellationTokenSource();
        var hanging = Enumerable.Range(0, 9).Select(i => party.Content.GetAsync(Cid.OfBlock([9, (byte)i]), 1000, patience.Token).AsTask()).ToList();
        var given = await await Task.WhenAny(hanging.Select(one => Assert.ThrowsAsync<TransportException>(() => one))).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Contains("already wait", given.Message);
        await patience.CancelAsync();
    }

    [Fact]
    public async Task The_secret_is_shown_to_the_node_and_in_no_message()
    {
        node.On("block/get", 401, "text/plain", "no");
        foreach (var (auth, shown) in new[] { ("bearer:hunter2", "Bearer hunter2"), ("basic:pool:hunter2", "Basic " + Convert.ToBase64String("pool:hunter2"u8)) })
        {
            var fault = await Party.ThrowsAsync(TransportFault.Unavailable, async () => await Make(options => options.Auth = auth).Content.GetAsync(GoodCid, 10, default));
            Assert.Contains($"Authorization: {shown}\r\n", node.LastHead);
            Assert.DoesNotContain("hunter2", fault.ToString());
            Assert.StartsWith("POST /api/v0/", node.LastHead);
        }
    }

    private async Task<TransportException> FailsAsync(TransportFault fault, Func<HostileNode.Call, Task> script)
    {
        node.On("block/get", script);
        return await Party.ThrowsAsync(fault, async () => await Make().Content.GetAsync(GoodCid, 1000, default));
    }

    private ITransport Make(Action<IpfsOptions>? configure = null)
    {
        var options = new IpfsOptions { Api = node.Api, FetchSeconds = 1 };
        configure?.Invoke(options);
        var party = Party.Make(options);
        parties.Add(party);
        return party;
    }
}
