using System.CommandLine;
using SwarmPool.Tools.Digits.Commands;

var root = new RootCommand("Trains the digits model from glyphs it draws itself, and draws pictures of digits to try it on.")
{
    TrainCommand.Create(),
    DrawCommand.Create(),
    DrawSetCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
