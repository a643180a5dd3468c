using SwarmPool.Programs.Daemon;
using SwarmPool.Programs.Running;

return await CommandLineProgram.RunProcessAsync("swarmpool", args, DaemonCommands.Create);
