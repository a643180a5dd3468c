using System.CommandLine;
using SwarmPool.IpfsLoad;

var pairs = new Option<int>("--pairs") { Description = "Pairs of a claim and a bare round trip.", DefaultValueFactory = _ => 30 };
var claims = new Command("claims", "How long a claim takes over nodes, beside a bare pubsub round trip of the same nodes.") { pairs };
claims.SetAction(async p =>
{
    await using var stage = await Stage.OpenAsync();
    await ClaimLatency.RunAsync(stage, p.GetRequiredValue(pairs), Console.Out);
});

var count = new Option<int>("--jobs") { Description = "Jobs.", DefaultValueFactory = _ => 300 };
var window = new Option<int>("--window") { Description = "Jobs in flight.", DefaultValueFactory = _ => 32 };
var jobs = new Command("jobs", "Whole jobs a second over nodes, beside what a node itself takes.") { count, window };
jobs.SetAction(async p =>
{
    await using var stage = await Stage.OpenAsync();
    await JobRate.RunAsync(stage, p.GetRequiredValue(count), p.GetRequiredValue(window), Console.Out);
});

return await new RootCommand("Takes a pool's roles over real IPFS nodes and says what it takes.") { claims, jobs }.Parse(args).InvokeAsync();
