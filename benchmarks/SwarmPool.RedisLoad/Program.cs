using System.CommandLine;
using SwarmPool.RedisLoad;

var pairs = new Option<int>("--pairs") { Description = "Pairs of a journal's and a bare run.", DefaultValueFactory = _ => 30 };
var batches = new Option<int[]>("--batch") { Description = "Records in a batch.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 16, 256] };
var bytes = new Option<int>("--bytes") { Description = "Bytes of a record.", DefaultValueFactory = _ => 1000 };
var sync = new Option<string>("--sync") { Description = "The server's appendfsync.", DefaultValueFactory = _ => "always" };
var journal = new Command("journal", "Appends to the journal beside pipelines of XADD of the same records over the same client.") { pairs, batches, bytes, sync };
journal.SetAction(p => AppendRate.RunAsync(
    p.GetRequiredValue(pairs), p.GetRequiredValue(batches), p.GetRequiredValue(bytes), p.GetRequiredValue(sync), Console.Out));

return await new RootCommand("Takes the journal on a real Redis server and says what it takes.") { journal }.Parse(args).InvokeAsync();
