// snippet: first-minute
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Inference;
using SwarmPool.Plugins.Embedded;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Keys;
using SwarmPool.Settlement;

var key = new PrivateKeySigner(PrivateKeys.Generate(), SignatureEngines.Best);
var account = new { accounts = new[] { key.Address.ToString() } };
var names = new[] { "swarmpool.eth", "miner.alice.eth", "clinic.eth" }.ToDictionary(name => name, _ => account);
File.WriteAllText("names.json", JsonSerializer.Serialize(new { network = "local", names }));

var pool = SwarmPoolBuilder.Create();
pool.Services.AddSingleton<ISigner>(key); // one key for all three: this is one process
pool.UseEmbeddedTransport(o => o.Transport = EmbeddedTransportKind.Hub).UseEmbeddedIdentity().UseEmbeddedJournal().UseSettlement7525();
pool.Fill<IInferenceBackend>("upper-case", _ => new UpperCase());
pool.AddDaemon().AddMiner(o => o.MinerEns = "miner.alice.eth").AddClient(o => o.ClientEns = "clinic.eth");
using var host = pool.Build();
await host.StartAsync();
var job = await host.Services.GetRequiredService<PoolClient>().SubmitAsync(
    new JobSpec { JobType = "text", Model = "upper", Input = "hello, pool"u8.ToArray(), Amount = Usdc.Parse("0.10") });
Console.WriteLine(Encoding.UTF8.GetString((await job.Completion).Output.Span)); // HELLO, POOL
await host.StopAsync();

sealed class UpperCase : IInferenceBackend
{
    private static readonly string Hash = new('0', 64);

    public ValueTask<BackendDescription> DescribeAsync(CancellationToken cancellationToken) =>
        new(new BackendDescription([new("upper", Hash, ["text"])], [new("cpu", "this machine", 0)]));

    public ValueTask LoadAsync(string model, CancellationToken cancellationToken) => default;

    public ValueTask<InferenceResult> RunAsync(InferenceRequest request, IProgress<int>? progress, CancellationToken cancellationToken) => new(
        new InferenceResult(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(request.Input.Span).ToUpperInvariant()), new(Hash, "code/1", "cpu", "text"), null));

    public ValueTask DisposeAsync() => default;
}
// end
