using SwarmPool.Programs.Miner;
using SwarmPool.Programs.Running;

return await CommandLineProgram.RunProcessAsync("swarm-miner", args, MinerCommands.Create);
