using System.CommandLine;
using SwarmPool.RedisLoad;
using SwarmPool.RedisLoad.Standby;

var pairs = new Option<int>("--pairs") { Description = "Pairs of a journal's and a bare run.", DefaultValueFactory = _ => 30 };
var batches = new Option<int[]>("--batch") { Description = "Records in a batch.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 16, 256] };
var bytes = new Option<int>("--bytes") { Description = "Bytes of a record.", DefaultValueFactory = _ => 1000 };
var sync = new Option<string>("--sync") { Description = "The server's appendfsync.", DefaultValueFactory = _ => "always" };
var journal = new Command("journal", "Appends to the journal beside pipelines of XADD of the same records over the same client.") { pairs, batches, bytes, sync };
journal.SetAction(p => AppendRate.RunAsync(
    p.GetRequiredValue(pairs), p.GetRequiredValue(batches), p.GetRequiredValue(bytes), p.GetRequiredValue(sync), Console.Out));

var syncs = new Option<string[]>("--sync") { Description = "The server's appendfsync, one after the other.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["everysec", "always"] };
var rates = new Option<int[]>("--rate") { Description = "Jobs a second; 0 for as many as the daemon takes.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [100, 500, 1000, 0] };
var seconds = new Option<int>("--seconds") { Description = "How long a rate is kept.", DefaultValueFactory = _ => 30 };
var standby = new Command("standby", "Jobs at fixed rates through a leader, and how late a standby in another process applies its records.") { syncs, rates, seconds };
standby.SetAction(p => StandbyLagRun.RunAsync(p.GetRequiredValue(syncs), p.GetRequiredValue(rates), p.GetRequiredValue(seconds), Console.Out));

var configuration = new Option<string>("--configuration") { Description = "The server, as StackExchange.Redis writes it.", Required = true };
var follow = new Command("follow", "What 'standby' starts: the standby's process, which takes its orders over standard input.") { configuration, sync };
follow.SetAction(p => Follower.RunAsync(p.GetRequiredValue(configuration), p.GetRequiredValue(sync), Console.In, Console.Out));

return await new RootCommand("Takes the journal on a real Redis server and says what it takes.") { journal, standby, follow }.Parse(args).InvokeAsync();
