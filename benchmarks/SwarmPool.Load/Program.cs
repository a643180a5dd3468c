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

return await new RootCommand("Drives a pool's daemon with signed messages and says what it takes.") { whole }.Parse(args).InvokeAsync();
