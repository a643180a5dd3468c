using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Identity;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Keys;
using SwarmPool.Settlement;
using SwarmPool.Tools.Digits.Glyphs;
using SwarmPool.Transport;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>A client that keeps a few jobs under way, whatever becomes of the daemons.</summary>
internal sealed class SteadyClient : IAsyncDisposable
{
    private const int UnderWay = 8;
    private const string Name = "clinic.clientswarm.eth";

    private readonly IHost host;
    private readonly ConcurrentDictionary<Cid, Cid?> jobs = [];
    private readonly CancellationTokenSource enough = new();
    private Task sending = Task.CompletedTask;

    private SteadyClient(IHost host) => this.host = host;

    public int Answered => jobs.Values.Count(proof => proof is not null);

    /// <summary>Jobs that it sent and was not told the end of.</summary>
    public IEnumerable<Cid> Unanswered => jobs.Where(job => job.Value is null).Select(job => job.Key);

    /// <param name="root">The pool's folder.</param>
    /// <param name="use">Fills the transport's slot.</param>
    public static async Task<SteadyClient> StartAsync(string root, Action<SwarmPoolBuilder> use)
    {
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().Build(), root);
        use(builder);
        builder.UseEmbeddedIdentity();
        builder.Services.AddSingleton<ISigner>(_ => KeyLoader.Load(new SignerOptions { KeyFile = Path.Combine(root, "keys", Name + ".key") }, "the test"));
        builder.AddClient(o =>
        {
            o.ClientEns = Name;
            o.RepeatSeconds = 1;
        });
        var client = new SteadyClient(builder.Build());
        await client.host.StartAsync();
        return client;
    }

    public void Begin() => sending = Task.WhenAll(Enumerable.Range(0, UnderWay).Select(SendAsync));

    /// <summary>Waits for so many more answers.</summary>
    public async Task HearAsync(int more, TimeSpan patience)
    {
        var wanted = Answered + more;
        using var limit = new CancellationTokenSource(patience);
        while (Answered < wanted)
        {
            if (sending.IsFaulted)
            {
                await sending;
            }

            Assert.False(limit.IsCancellationRequested, $"{Answered} of {jobs.Count} jobs are answered, and no more");
            await Task.Delay(25);
        }
    }

    /// <summary>Sends no more and waits for what is under way.</summary>
    public async Task EndAsync(TimeSpan patience)
    {
        await enough.CancelAsync();
        await sending.WaitAsync(patience);
    }

    public async ValueTask DisposeAsync()
    {
        await enough.CancelAsync();
        await host.StopAsync();
        host.Dispose();
        enough.Dispose();
    }

    private async Task SendAsync(int lane)
    {
        var client = host.Services.GetRequiredService<PoolClient>();
        for (var i = lane; !enough.IsCancellationRequested; i += UnderWay)
        {
            JobHandle handle;
            try
            {
                handle = await client.SubmitAsync(new JobSpec
                {
                    JobType = "image-classification",
                    Model = "digits-16",
                    Input = DigitPictures.Png(i % 10, i % 50),
                    Amount = Usdc.FromMicro(1_000 + (i % 1_000)),
                });
            }
            catch (TransportException)
            {
                await Task.Delay(100); // It was not sent: its transport comes back by itself.
                continue;
            }

            jobs[handle.JobCid] = null;
            jobs[handle.JobCid] = (await handle.Completion).ProofCid;
        }
    }
}
