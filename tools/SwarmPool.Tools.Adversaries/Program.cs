using System.CommandLine;
using SwarmPool.Tools.Adversaries;

var jobs = new Option<int>("--jobs") { Description = "Jobs a row.", DefaultValueFactory = _ => 1_000_000 };
var only = new Option<string?>("--only") { Description = "The one adversary that is played; none: all." };
var root = new RootCommand("Plays adversaries against the rules that check work, and writes what comes of it as a table in Markdown.") { jobs, only };
root.SetAction(parsed => Table.Write(Console.Out, Console.Error, parsed.GetValue(jobs), parsed.GetValue(only)));
return await root.Parse(args).InvokeAsync();
