using System.CommandLine;
using SwarmPool.Load;
using SwarmPool.Load.Programs;

var engine = new Option<string>("--engine") { Description = "The daemon's signature engine: native or managed.", DefaultValueFactory = _ => Engines.NativeName };
engine.AcceptOnlyFromAmong(Engines.NativeName, Engines.ManagedName);
var rounds = new Option<int>("--rounds") { Description = "Rounds; the median is told.", DefaultValueFactory = _ => 5 };
var jobs = new Option<int>("--jobs") { Description = "Jobs a round.", DefaultValueFactory = _ => 10_000 };
var window = new Option<int>("--window") { Description = "Jobs in flight.", DefaultValueFactory = _ => 1024 };

var whole = new Command("jobs", "Takes whole jobs through a daemon: jobs a second, latencies, CPU, memory.") { engine, rounds, jobs, window };
whole.SetAction(p => JobsProgram.RunAsync(p.GetRequiredValue(engine), p.GetRequiredValue(jobs), p.GetRequiredValue(rounds), p.GetRequiredValue(window), Console.Out));

var count = new Option<int>("--messages") { Description = "Messages a round.", DefaultValueFactory = _ => 20_000 };
var intake = new Command("intake", "Messages let in a second, against a bare loop of the same engine.") { engine, rounds, count };
intake.SetAction(p => IngressProgram.RunAsync(p.GetRequiredValue(engine), p.GetRequiredValue(count), p.GetRequiredValue(rounds), Console.Out));

var held = new Option<int>("--jobs") { Description = "Jobs to hold.", DefaultValueFactory = _ => 100_000 };
var pending = new Command("pending", "The daemon's memory with many pending jobs.") { held };
pending.SetAction(p => PendingProgram.RunAsync(p.GetRequiredValue(held), Console.Out));

var names = new Option<int>("--names") { Description = "Names that flood.", DefaultValueFactory = _ => 1 };
var peers = new Option<int?>("--peers") { Description = "Peers that the flood comes through; one a name if not given." };
var rate = new Option<int>("--rate") { Description = "Flood messages a second.", DefaultValueFactory = _ => 30_000 };
var seconds = new Option<int>("--seconds") { Description = "Seconds a phase.", DefaultValueFactory = _ => 5 };
var overload = new Command("overload", "A flood over honest clients.") { names, peers, rate, seconds };
overload.SetAction(p => OverloadProgram.RunAsync(p.GetRequiredValue(names), p.GetValue(peers) ?? p.GetRequiredValue(names), p.GetRequiredValue(rate), p.GetRequiredValue(seconds), Console.Out));

var audit = new Command("audit", "Takes whole jobs through a daemon, an epoch a round, then audits the epochs as a stranger does, in turns with a bare loop over their signatures.") { rounds, jobs };
audit.SetAction(p => AuditProgram.RunAsync(p.GetRequiredValue(jobs), p.GetRequiredValue(rounds), Console.Out));

return await new RootCommand("Drives a pool's daemon with signed messages and says what it takes.") { whole, intake, pending, overload, audit }.Parse(args).InvokeAsync();
