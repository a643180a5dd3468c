using SwarmPool.Programs.Client;
using SwarmPool.Programs.Running;

return await CommandLineProgram.RunProcessAsync("swarm-client", args, ClientCommands.Create);
