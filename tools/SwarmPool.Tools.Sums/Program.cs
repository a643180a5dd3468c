using System.CommandLine;
using SwarmPool.Tools.Sums.Commands;

var root = new RootCommand("Trains the sums model, a small transformer that adds two numbers below 100 as text, and tries it.")
{
    TrainCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
