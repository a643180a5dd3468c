using System.CommandLine;
using SwarmPool.Simulation.Bugs;
using SwarmPool.Simulation.Checking;
using SwarmPool.Simulation.Recording;
using SwarmPool.Simulation.Running;

var first = new Option<ulong>("--first") { Description = "The first seed.", DefaultValueFactory = _ => 1 };
var count = new Option<ulong>("--count") { Description = "How many schedules.", DefaultValueFactory = _ => 300 };
var step = new Option<ulong>("--step") { Description = "From one seed to the next.", DefaultValueFactory = _ => 1 };
var processes = new Option<int>("--processes") { Description = "How many processes share the work; 0 for one a processor.", DefaultValueFactory = _ => 0 };
var most = new Option<ulong>("--most") { Description = "How many schedules a bug is looked for in.", DefaultValueFactory = _ => 400 };
var bug = new Option<Bug>("--bug") { Description = "A mistake to put in on purpose.", DefaultValueFactory = _ => Bug.None };
var bugs = new Option<Bug[]>("--bug") { Description = "The mistakes to put in, one after the other.", Required = true };
var lines = new Option<int>("--lines") { Description = "How many of the last things that happened are told of a schedule.", DefaultValueFactory = _ => 0 };
var into = new Option<string>("--into") { Description = "The folder that it is written to.", Required = true };
var seed = new Argument<ulong>("seed") { Description = "The schedule." };

var schedules = new Command("schedules", "Runs schedules and tells what failed and how much was seen.") { first, count, processes };
schedules.SetAction((p, cancel) => ScheduleCommand.RunAsync(
    p.GetRequiredValue(first), p.GetRequiredValue(count), p.GetRequiredValue(processes), Console.Out, Console.Error, cancel));

var hunt = new Command("hunt", "Plants each bug, or one, and tells the schedule that finds it.") { most, bug, processes };
hunt.SetAction((p, cancel) => HuntCommand.RunAsync(p.GetRequiredValue(most), p.GetRequiredValue(bug), p.GetRequiredValue(processes), Console.Out, cancel));

var show = new Command("show", "Runs one schedule and tells what happened in it, line by line.") { seed, bug, lines };
show.SetAction(p => ShowCommand.Run(p.GetRequiredValue(seed), p.GetRequiredValue(bug), p.GetRequiredValue(lines), Console.Out));

var worker = new Command("worker", "What 'schedules' starts: schedules one after the other, each told as a line of JSON.") { first, count, step };
worker.SetAction(p => WorkerCommand.Run(p.GetRequiredValue(first), p.GetRequiredValue(count), p.GetRequiredValue(step), Console.Out));

var hunter = new Command("hunter", "What 'hunt' starts: bugs one after the other, what it took to find each told as a line of JSON.") { most, bugs };
hunter.SetAction(p => HunterCommand.Run(p.GetRequiredValue(most), p.GetRequiredValue(bugs), Console.Out));

var recorded = new Command("record", "Runs a longer schedule, in which everything happens, and records the pool in it for a test.") { seed, into };
recorded.SetAction(p => RecordCommand.Run(p.GetRequiredValue(seed), p.GetRequiredValue(into), Console.Out));

var wrong = new Option<CheckBug>("--bug") { Description = "A mistake in the rules of checks to put in on purpose.", DefaultValueFactory = _ => CheckBug.None };
var checks = new Command("checks", "Runs the rules of checks alone against miners that lie, and tells what failed.") { first, count, wrong };
checks.SetAction(p => CheckCommand.Run(p.GetRequiredValue(first), p.GetRequiredValue(count), p.GetRequiredValue(wrong), Console.Out));

return await new RootCommand("Runs whole pools in virtual time, each as its seed wants it, and checks what must hold.") { schedules, hunt, show, worker, hunter, recorded, checks }.Parse(args).InvokeAsync();
