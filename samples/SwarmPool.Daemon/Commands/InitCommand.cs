using System.CommandLine;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Daemon.Setup;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool init</c>: all that a first pool on one machine needs.</summary>
internal static class InitCommand
{
    public static Command Create(ProgramContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder to make it in.", DefaultValueFactory = _ => "." };
        var pool = new Option<string>("--pool") { Description = "The pool's name.", HelpName = "NAME", DefaultValueFactory = _ => "swarmpool.eth" };
        var miners = new Option<string>("--miners") { Description = "The miners' names, with commas.", HelpName = "NAMES", DefaultValueFactory = _ => "miner.alice.eth,miner.bob.eth" };
        var client = new Option<string>("--client") { Description = "The client's name.", HelpName = "NAME", DefaultValueFactory = _ => "clinic.clientswarm.eth" };
        var transport = new Option<PoolTransport>("--transport") { Description = "What carries the pool: embedded (nothing to install), ipfs (a node for each party) or redis (a server for all, with the journal).", HelpName = "KIND" };
        var redis = new Option<string>("--redis") { Description = "The Redis server, with --transport redis. Users are made for it: redis.acl.", HelpName = "HOST:PORT", DefaultValueFactory = _ => FirstPool.DefaultRedis };
        var keystore = new Option<bool>("--keystore") { Description = "Encrypt the keys, under a generated password in a file of its own." };
        var force = new Option<bool>("--force") { Description = "Write over configuration that is there. Keys that are there stay." };
        var json = CommonOptions.Json("what was made");
        var verbose = CommonOptions.Verbose();
        var command = new Command("init", "Makes configuration, keys and an example job for a first pool on this machine.")
        {
            folder, pool, miners, client, transport, redis, keystore, force, json, verbose,
        };
        command.SetAction(parsed =>
        {
            var plan = FirstPool.Plan(
                context.PathOf(parsed.GetValue(folder)!), parsed.GetValue(pool)!, parsed.GetValue(miners)!, parsed.GetValue(client)!, parsed.GetValue(keystore), parsed.GetValue(transport), parsed.GetValue(redis)!);
            var made = plan.Make(parsed.GetValue(force));
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(new { folder = plan.Folder, pool = plan.Pool, files = made, accounts = plan.Accounts.ToDictionary(one => one.Key.Text, one => one.Value) }));
            }
            else
            {
                InitScreen.Show(context, plan, made);
            }

            return ExitCodes.Ok;
        });
        return command;
    }
}
